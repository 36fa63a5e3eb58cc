"""What differs between two servers by its nature becomes a placeholder: ids, times, made-up names, addresses."""

import json
import re
import time

DAY = 86_400_000
# Of a message: MLflow hands out whole SQL statements.
LONGEST = 300
MODEL = re.compile(r"\bm-[0-9a-f]{32}\b")
UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
HEX = re.compile(r"\b[0-9a-f]{32}\b")
MADE_NAME = re.compile(r"[a-z]+-[a-z]+-\d{1,3}")
LOCATION = re.compile(r"(mlflow-artifacts:/+(?:host/)?|mlflow-artifacts/artifacts/)(\d+)(?=/|$)")
TOLD_EXPERIMENT = re.compile(
    r"(experiment[ _]id[ =]'?|[Ee]xperiment with id[ =]|The experiment |Experiment IDs in the page token .* Found: \['"
    r"|Invalid value \"(?=\d+\" for parameter 'experiment_ids'))(\d+)\b"
)
OF_SQL = re.compile(r"(\[parameters: \([^\]]*?, )(\d+)\b")
OF_STORE = re.compile(r"(: ')(\d+)(?=/(?:[0-9a-f]{32}|models)/)")
WORDS = re.compile(r"\{('[^{}']*'(?:, '[^{}']*')*)\}")
# Keys whose lists have no order of their own.
UNORDERED = {"tags", "params", "aliases", "latest_versions", "dataset_inputs", "model_outputs", "model_inputs", "events"}


class Normal:
    """Placeholders of one story, numbered as they appear."""

    def __init__(self, url):
        self.address = url.split("//", 1)[1]
        self.known = {}
        self.counts = {}

    def of(self, value, key=None, parent=None):
        """The value with placeholders; lists without order are sorted."""
        if isinstance(value, dict):
            return {k: self.of(v, k, key) for k, v in sorted(value.items(), key=lambda item: self._early(item[0]))}
        if isinstance(value, (list, tuple)) or type(value).__name__ == "RepeatedScalarContainer":
            items = [self.of(item, key, parent) for item in value]
            unordered = key in UNORDERED or (key == "metrics" and parent == "data")
            return sorted(items, key=lambda item: json.dumps(item, sort_keys=True)) if unordered else items
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, int):
            return "<time>" if abs(value - time.time() * 1000) < DAY else value
        if isinstance(value, str):
            return self._text(value, key)
        return value

    @staticmethod
    def _early(key):
        return (key not in ("experiment_id", "run_id", "model_id", "info"), key)

    def _text(self, text, key):
        if key == "experiment_id" and text.isdigit() and text != "0":
            return self._place("experiment", text)
        if key == "next_page_token" and text:
            return "<token>"
        if MADE_NAME.fullmatch(text):
            return "<name>"
        told = self.inside(text)
        return told[:LONGEST] + " ..." if key == "message" and len(told) > LONGEST else told

    def inside(self, text):
        """Placeholders within a text."""
        text = OF_STORE.sub(lambda m: m[1] + self._experiment(m[2]), text)
        text = text.replace(self.address, "<address>")
        text = re.sub(r"[^\s'\"]{0,200}millrace-conformance-\w+", "<folder>", text)
        text = re.sub(r"\b0x[0-9a-f]{6,}", "<place in memory>", text)
        text = MODEL.sub(lambda m: self._place("model", m[0]), text)
        text = UUID.sub(lambda m: self._place("uuid", m[0]), text)
        text = HEX.sub(lambda m: self._place("id", m[0]), text)
        text = LOCATION.sub(lambda m: m[1] + self._experiment(m[2]), text)
        text = TOLD_EXPERIMENT.sub(lambda m: m[1] + self._experiment(m[2]), text)
        text = re.sub(r"\b1[789]\d{11}\b", "<time>", text)
        text = OF_SQL.sub(lambda m: m[1] + self._experiment(m[2]), text)
        return WORDS.sub(lambda m: "{" + ", ".join(sorted(re.findall(r"'[^']*'", m[1]))) + "}", text)

    def label(self, text):
        """A request told without numbers, so that equal requests have equal labels whatever came before."""
        lists = re.compile(r'"experiment_ids?": (?:"\d+"|\[[^\]]*\])')
        text = lists.sub(lambda m: re.sub(r'"[1-9]\d*"', '"<experiment>"', m[0]), text)
        return re.sub(r"<(id|model|uuid|experiment) \d+>", r"<\1>", self.inside(text))

    def _experiment(self, text):
        return text if text == "0" or int(text) > 10_000 else self._place("experiment", text)

    def _place(self, kind, text):
        if (kind, text) not in self.known:
            self.counts[kind] = self.counts.get(kind, 0) + 1
            self.known[kind, text] = f"<{kind} {self.counts[kind]}>"
        return self.known[kind, text]


def written(value, indent=0, width=110):
    """JSON that a person can review: on one line where it fits."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) + indent <= width or not isinstance(value, (dict, list)) or not value:
        return flat
    pad = " " * (indent + 1)
    if isinstance(value, dict):
        parts = [f"{pad}{json.dumps(k, ensure_ascii=False)}: {written(v, indent + 1, width)}" for k, v in value.items()]
        return "{\n" + ",\n".join(parts) + "\n" + " " * indent + "}"
    return "[\n" + ",\n".join(pad + written(item, indent + 1, width) for item in value) + "\n" + " " * indent + "]"
