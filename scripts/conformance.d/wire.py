"""What MLflow's Python client sends and gets, seen from within its process."""

import contextlib
import re
import threading
import urllib.parse
import warnings

import requests

# The client asks this once per process, before its first transfer: in which step depends on what was done before.
ONCE = "/api/3.0/mlflow/server-info"


class Wire:
    """Every exchange of this process with one server, in order; transfers of files, which run side by side, sorted."""

    def __init__(self, url):
        self.url = url
        self.lines = []
        self.lock = threading.Lock()

    @contextlib.contextmanager
    def seen(self):
        original = requests.Session.send

        def send(session, request, **how):
            answer = original(session, request, **how)
            if request.url.startswith(self.url):
                path = urllib.parse.unquote(urllib.parse.urlsplit(request.url).path)
                path = path.replace("/api/2.0/mlflow/", "")
                if path == ONCE:
                    return answer
                with self.lock:
                    self.lines.append(f"{request.method} {path} {answer.status_code}")
            return answer

        requests.Session.send = send
        try:
            yield
        finally:
            requests.Session.send = original

    def taken(self):
        """The lines since the last call."""
        with self.lock:
            lines, self.lines = self.lines, []
        return sorted_transfers(lines)


def sorted_transfers(lines):
    done, files = [], []
    for line in lines:
        if re.match(r"(GET|PUT) /api/2.0/mlflow-artifacts/artifacts", line):
            files.append(line)
        else:
            done += [*sorted(files), line]
            files = []
    return done + sorted(files)


class Client:
    """MLflow's own client pointed at a server, with a step for each thing that is done with it."""

    def __init__(self, teller):
        import mlflow

        self.teller = teller
        self.wire = Wire(teller.url)
        mlflow.set_tracking_uri(teller.url)
        mlflow.set_registry_uri(teller.url)
        self.mlflow = mlflow
        self.own = mlflow.MlflowClient(teller.url)

    @contextlib.contextmanager
    def working(self):
        with self.wire.seen(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield self
        while self.mlflow.active_run():
            self.mlflow.end_run()

    def do(self, what, action, show=lambda _: None, wire=True):
        """Runs `action`; keeps what `show` makes of its result, or the error, and what went over the wire.

        wire: "sorted" where threads of the client race, False where they also race with the end of the step
        """
        result = None
        try:
            result = action()
            kept = {"result": self.teller.normal.of(show(result))}
        except self.mlflow.MlflowException as error:
            kept = {"error": [error.error_code, self.teller.normal.inside(re.sub(r"\s+", " ", str(error))[:300])]}
        lines = [self.teller.normal.inside(line) for line in self.wire.taken()]
        if wire == "sorted":
            lines = sorted(lines)
        self.teller.keep(what, **kept, **({"wire": lines} if wire else {}))
        return result
