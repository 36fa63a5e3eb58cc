"""Differences between two tellings of a story, and which of them are accepted."""

import json
import re

import yaml


class Difference:
    """One place where the answers part."""

    def __init__(self, story, step, at, mlflow, here):
        self.story, self.step, self.at, self.mlflow, self.here = story, step, at, mlflow, here

    def __str__(self):
        return f"{self.story}: {self.step}\n    {self.at}\n      mlflow: {_told(self.mlflow)}\n      here:   {_told(self.here)}"


def _told(value):
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 600 else text[:600] + " ..."


class Pairs:
    """Which placeholder of one telling stands for which of the other: the first meeting decides."""

    PLACE = re.compile(r"<(?:id|model|uuid|experiment) \d+>")

    def __init__(self):
        self.there, self.back = {}, {}

    def nameless(self, text):
        return re.sub(r" \d+>", ">", text)

    def equal(self, mlflow, here):
        if self.PLACE.split(mlflow) != self.PLACE.split(here):
            return False
        for a, b in zip(self.PLACE.findall(mlflow), self.PLACE.findall(here)):
            if self.there.setdefault(a, b) != b or self.back.setdefault(b, a) != a:
                return False
        return True


def differences(story, recorded, told):
    """All differences of a story's steps, in order."""
    found = []
    pairs = Pairs()
    by_label = {step["step"]: step for step in told}
    for step in recorded:
        here = by_label.pop(step["step"], None)
        if here is None:
            found.append(Difference(story, step["step"], "step", "asked", "not asked"))
        elif step.get("status") != here.get("status"):
            found.append(Difference(story, step["step"], "status", _summary(step), _summary(here)))
        else:
            add = lambda at, a, b, s=step: found.append(Difference(story, s["step"], at, a, b))  # noqa: E731
            _walk(step, here, "", add, pairs)
    found += [Difference(story, label, "step", "not asked", step) for label, step in by_label.items()]
    return found


def _summary(step):
    body = step.get("body")
    if isinstance(body, dict) and "error_code" in body:
        return f"{step.get('status')} {body['error_code']}: {body.get('message', '')[:200]}"
    return {"status": step.get("status"), "body": body if body is not None else step.get("text")}


def _walk(mlflow, here, at, add, pairs):
    if isinstance(mlflow, dict) and isinstance(here, dict):
        for key in dict.fromkeys([*mlflow, *here]):
            if key not in mlflow:
                add(f"{at}.{key}".lstrip("."), "(absent)", here[key])
            elif key not in here:
                add(f"{at}.{key}".lstrip("."), mlflow[key], "(absent)")
            else:
                _walk(mlflow[key], here[key], f"{at}.{key}".lstrip("."), add, pairs)
    elif isinstance(mlflow, list) and isinstance(here, list) and len(mlflow) == len(here):
        for i, (a, b) in enumerate(zip(mlflow, here)):
            _walk(a, b, f"{at}[{i}]", add, pairs)
    elif isinstance(mlflow, str) and isinstance(here, str):
        if at == "body.message":
            same = pairs.nameless(here).startswith(pairs.nameless(mlflow).rstrip("."))  # its words, and perhaps more
        else:
            same = pairs.equal(mlflow, here)
        if not same:
            add(at, mlflow, here)
    elif mlflow != here or isinstance(mlflow, bool) != isinstance(here, bool):
        add(at, mlflow, here)


def matches(pattern, text):
    """Only `*` stands for anything."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text, re.DOTALL) is not None


class Accepted:
    """The listed differences. Each entry: reason, and patterns for story, step (or steps), at, mlflow, here.

    A pattern that is absent matches anything; `mlflow` and `here` match what the two said.
    """

    PARTS = ("story", "step", "at", "mlflow", "here")

    def __init__(self, path):
        self.entries = []
        for entry in yaml.safe_load(path.read_text()) or []:
            unknown = set(entry) - {"reason", "steps", *self.PARTS}
            if unknown or not entry.get("reason") or len(entry) < 2:
                raise SystemExit(f"{path}: an entry needs a reason and patterns, {self.PARTS}: {entry}")
            for step in entry.get("steps") or [entry.get("step", "*")]:
                self.entries.append({**{part: entry.get(part, "*") for part in self.PARTS}, "step": step})
        self.used = set()

    def takes(self, difference):
        """Whether an entry accepts it; remembers which."""
        said = {
            "story": difference.story,
            "step": difference.step,
            "at": difference.at,
            "mlflow": _text(difference.mlflow),
            "here": _text(difference.here),
        }
        takers = {i for i, entry in enumerate(self.entries) if all(matches(entry[part], said[part]) for part in self.PARTS)}
        self.used |= takers
        return bool(takers)

    def idle(self):
        """Entries that accepted nothing."""
        return [
            ", ".join(f"{part}: {entry[part]}" for part in self.PARTS if entry[part] != "*")
            for i, entry in enumerate(self.entries)
            if i not in self.used
        ]


def _text(value):
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
