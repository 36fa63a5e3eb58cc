"""A story is a function that sends requests to a server; what comes back is kept, one step per request."""

import json
import re
import urllib.parse

import requests

from normal import Normal

STORIES = {}
TIMEOUT = 60


def story(name, settings="usual"):
    """Registers a story. `settings`: how its server is started, see servers.py."""

    def register(tell):
        STORIES[name] = (settings, tell)
        return tell

    return register


class Answer:
    """What a server said. `answer["run"]` reads its JSON."""

    def __init__(self, response):
        self.response = response
        self.status = response.status_code

    def __getitem__(self, key):
        return self.json()[key]

    def json(self):
        try:
            return self.response.json()
        except ValueError:
            return None


class Teller:
    """Sends requests and keeps what comes back as steps."""

    def __init__(self, url):
        self.url = url
        self.normal = Normal(url)
        self.steps = []
        self.labels = {}
        self.session = requests.Session()
        self.session.trust_env = False

    def keep(self, label, **what):
        """A step; equal labels are numbered."""
        label = re.sub(r"\s+", " ", self.normal.label(label))
        label = label if len(label) <= 150 else label[:147] + "..."
        self.labels[label] = self.labels.get(label, 0) + 1
        if self.labels[label] > 1:
            label = f"{label} #{self.labels[label]}"
        self.steps.append({"step": label, **what})

    def post(self, path, /, show=None, **fields):
        return self.call("POST", path, fields, show=show)

    def patch(self, path, /, show=None, **fields):
        return self.call("PATCH", path, fields, show=show)

    def delete(self, path, /, show=None, **fields):
        return self.call("DELETE", path, fields, show=show)

    def get(self, path, /, show=None, **query):
        return self.call("GET", path, query=query, show=show)

    def call(self, verb, path, body=None, *, query=None, data=None, headers=None, show=None, see=(), label=None):
        """One request.

        path: below /api/2.0/mlflow/, or absolute
        body: sent as JSON; data: sent as it is
        show: what of a 200's JSON is kept, all when absent
        see: names of headers that are kept
        """
        url = self.url + (path if path.startswith("/") else "/api/2.0/mlflow/" + path)
        if query:
            url += "?" + urllib.parse.urlencode(query, doseq=True)
        sent = dict(headers or {})
        if body is not None and data is None:
            data = json.dumps(body)
            sent.setdefault("Content-Type", "application/json")
        request = requests.Request(verb, url, data=data, headers=sent).prepare()
        request.url = url  # as written: no dots or escapes tidied away
        told = label or f"{verb} {path} {_shown(body if body is not None else query or data or '')}".strip()
        if headers and not label:
            told += " " + _shown(headers)
        answer = self._sent(request)
        if answer is None:
            self.keep(told, status="no answer")
            return None
        self.keep(told, status=answer.status, **self._body(answer, show), **self._headers(answer, see))
        return answer

    def _sent(self, request):
        """The answer; a second try over a new connection, since a server may close one after a bad request."""
        for _ in range(2):
            try:
                return Answer(self.session.send(request, timeout=TIMEOUT, allow_redirects=False))
            except requests.ConnectionError:
                self.session.close()
        return None

    def _body(self, answer, show):
        content = answer.json()
        if isinstance(content, dict) and "error_code" in content:
            # MLflow's own finer classes of errors, which its clients do not read
            content = {k: v for k, v in content.items() if k not in ("sqlstate", "error_class")}
        if content is not None:
            shown = show(content) if show and answer.status == 200 else content
            return {"body": self.normal.of(shown)}
        text = answer.response.text
        if text.lstrip().lower().startswith(("<!doctype", "<html")):
            return {"text": "<a page>"}
        return {"text": self.normal.inside(text[:300])} if text else {}

    def _headers(self, answer, see):
        if not see:
            return {}
        found = {name: answer.response.headers.get(name) for name in see}
        return {"headers": {name: self.normal.inside(value) if value else value for name, value in found.items()}}


def _shown(value):
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return value[:60].decode("latin-1") if isinstance(value, bytes) else str(value)


def tell(name, url):
    """The steps of a story told to a server."""
    teller = Teller(url)
    try:
        STORIES[name][1](teller)
    except Exception as broken:  # a server that answers otherwise may lack what the next step needs
        teller.keep("the story broke off", error=f"{type(broken).__name__}: {teller.normal.inside(str(broken))[:300]}")
    return teller.steps
