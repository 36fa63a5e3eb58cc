"""Webhooks: what is kept, what is refused, and what is sent when something happens."""

import base64
import hashlib
import hmac
import http.server
import json
import queue
import threading

from harness import story

CREATED = [{"entity": "REGISTERED_MODEL", "action": "CREATED"}]


@story("webhooks")
def webhooks(s):
    s.get("webhooks")
    create = lambda **f: s.post("webhooks", **f)  # noqa: E731
    url = "https://1.1.1.1/hook"
    one = create(name="one", url=url, events=CREATED, description="d", secret="s3cret")["webhook"]["webhook_id"]
    create(name="one", url=url, events=CREATED)
    create(name="two", url=url, events=CREATED, status="DISABLED")
    create(name="three", url=url, events=[*CREATED, {"entity": "MODEL_VERSION_TAG", "action": "SET"}])
    s.get(f"webhooks/{one}")
    s.get(f"/ajax-api/2.0/mlflow/webhooks/{one}")
    s.get("webhooks/none")
    for name in ("", None, 5, "Upper", "a b", "-a", "a-", ".a", "a.b_c-1", "a" * 63, "a" * 64, "é"):
        create(name=name, url=url, events=CREATED)
    for bad in ("", None, 5, "  ", "http://1.1.1.1/x", "ftp://1.1.1.1/x", "1.1.1.1", "https://", "https:///x", "https://127.0.0.1/x",
                "https://10.0.0.1/x", "https://192.168.0.1", "https://169.254.169.254/latest", "https://[::1]/x", "https://0.0.0.0/x",
                "https://[::ffff:127.0.0.1]/x", "https://localhost/x", "https://[fc00::1]/", "https://100.64.0.1/", "https://[::1/x"):
        create(name="u", url=bad, events=CREATED)
    create(name="u", url="https://no-such-host.invalid/x", events=CREATED)
    for events in (None, [], "x", [{}], [{"entity": "REGISTERED_MODEL"}], [{"action": "CREATED"}], [{"entity": "FOO", "action": "CREATED"}],
                   [{"entity": "REGISTERED_MODEL", "action": "DELETED"}], [{"entity": "MODEL_VERSION_ALIAS", "action": "SET"}],
                   [{"entity": "ENTITY_UNSPECIFIED", "action": "CREATED"}], [*CREATED, *CREATED], [5]):
        create(name="e", url=url, events=events)
    create(name="s", url=url, events=CREATED, status="FOO")
    create(name="s", url=url, events=CREATED, status=5)
    create(name="s", url=url, events=CREATED, secret=5)
    create(name="s", url=url, events=CREATED, description=5)
    create(url=url, events=CREATED)
    create(name="s", events=CREATED)
    create(name="s", url=url)
    update = lambda **f: s.patch(f"webhooks/{one}", **f)  # noqa: E731
    update(name="renamed", description="other", url="https://8.8.8.8/", status="DISABLED", secret="new")
    update()
    update(events=[{"entity": "MODEL_VERSION", "action": "CREATED"}, {"entity": "MODEL_VERSION_ALIAS", "action": "DELETED"}])
    update(events=[])
    update(description="")
    update(name="")
    update(name="Bad Name")
    update(url="http://1.1.1.1/")
    update(status="FOO")
    update(status="ACTIVE")
    s.patch("webhooks/none", name="x")
    s.get(f"webhooks/{one}")
    for query in ({"max_results": 2}, {"max_results": 1000}, {"max_results": 1001}, {"max_results": 0}, {"max_results": -1},
                  {"max_results": "x"}, {"page_token": "!!"}):
        s.get("webhooks", show=lambda body: [len(body.get("webhooks", [])), "next_page_token" in body], **query)
    s.delete(f"webhooks/{one}")
    s.delete(f"webhooks/{one}")
    s.delete("webhooks/none")
    s.get(f"webhooks/{one}")
    s.patch(f"webhooks/{one}", name="x")
    s.post(f"webhooks/{one}/test")
    s.post("webhooks/none/test")


class Receiver:
    """Takes deliveries on this machine."""

    def __init__(self, status=200):
        got = self.got = queue.Queue()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                got.put((self.path, dict(self.headers), body))
                self.send_response(302 if self.path == "/moved" else 418 if self.path == "/teapot" else status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(b"thank you")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def next(self, secret, wait=10):
        """One delivery: its path, whether its signature holds, and its body without the time."""
        try:
            path, headers, body = self.got.get(timeout=wait)
        except queue.Empty:
            return "nothing came"
        headers = {k.lower(): v for k, v in headers.items()}
        signed = f"{headers['x-mlflow-delivery-id']}.{headers['x-mlflow-timestamp']}.".encode() + body
        digest = base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()
        told = json.loads(body)
        return {
            "path": path,
            "type": headers["content-type"],
            "signature": {None: "none", f"v1,{digest}": "holds"}.get(headers.get("x-mlflow-signature"), "does not hold"),
            "time": "told" if told.pop("timestamp") else "",
            "body": told,
        }


ENTITIES = {
    "REGISTERED_MODEL": ["CREATED"], "MODEL_VERSION": ["CREATED"], "MODEL_VERSION_TAG": ["SET", "DELETED"],
    "MODEL_VERSION_ALIAS": ["CREATED", "DELETED"], "PROMPT": ["CREATED"], "PROMPT_VERSION": ["CREATED"], "PROMPT_TAG": ["SET", "DELETED"],
    "PROMPT_VERSION_TAG": ["SET", "DELETED"], "PROMPT_ALIAS": ["CREATED", "DELETED"],
}


@story("webhook-deliveries", settings="local-hooks")
def deliveries(s):
    receiver = Receiver()
    kinds = [{"entity": e, "action": a} for e, actions in ENTITIES.items() for a in actions]
    hook = s.call("POST", "webhooks", {"name": "all", "url": receiver.url + "/all", "events": kinds, "secret": "s3cret"},
                  label="make a webhook", show=lambda body: sorted(f"{e['entity']} {e['action']}" for e in body["webhook"]["events"]))["webhook"]["webhook_id"]

    def told(what, times=1):
        for _ in range(times):
            s.keep(f"delivered after {what}", body=s.normal.of(receiver.next("s3cret")))

    s.post("registered-models/create", name="m", description="d", tags=[{"key": "k", "value": "v"}])
    told("a model was made")
    s.post("registered-models/create", name="bare")
    told("a bare model was made")
    s.post("model-versions/create", name="m", source="s3://b/m", run_id="r", tags=[{"key": "k", "value": "v"}], description="first")
    told("a version was made")
    s.post("model-versions/create", name="m", source="s3://b/m")
    told("a bare version was made")
    s.post("model-versions/set-tag", name="m", version="1", key="t", value="x")
    told("a tag was set")
    s.delete("model-versions/delete-tag", name="m", version="1", key="t")
    told("a tag was deleted")
    s.post("registered-models/alias", name="m", alias="champion", version="1")
    told("an alias was set")
    s.delete("registered-models/alias", name="m", alias="champion")
    told("an alias was deleted")
    prompt = [{"key": "mlflow.prompt.is_prompt", "value": "true"}]
    text = [*prompt, {"key": "mlflow.prompt.text", "value": "Hello {{name}}"}]
    s.post("registered-models/create", name="p", tags=[*prompt, {"key": "k", "value": "v"}])
    told("a prompt was made")
    s.post("model-versions/create", name="p", source="prompt-template", tags=text, description="first")
    told("a version of a prompt was made")
    s.post("registered-models/set-tag", name="p", key="t", value="x")
    told("a prompt's tag was set")
    s.delete("registered-models/delete-tag", name="p", key="t")
    told("a prompt's tag was deleted")
    s.post("model-versions/set-tag", name="p", version="1", key="t", value="x")
    told("a tag of a prompt's version was set")
    s.delete("model-versions/delete-tag", name="p", version="1", key="t")
    told("a tag of a prompt's version was deleted")
    s.post("registered-models/alias", name="p", alias="a", version="1")
    told("a prompt's alias was set")
    s.delete("registered-models/alias", name="p", alias="a")
    told("a prompt's alias was deleted")
    s.post("registered-models/create", name="m")
    s.post("registered-models/set-tag", name="m", key="t", value="x")
    s.keep("nothing is delivered after a refusal", body=receiver.next("s3cret", wait=1))
    for kind in kinds:
        s.post(f"webhooks/{hook}/test", event=kind)
        told(f"a test of {kind['entity']} {kind['action']}")
    s.post(f"webhooks/{hook}/test")
    told("a test")
    s.post(f"webhooks/{hook}/test", event={"entity": "REGISTERED_MODEL", "action": "SET"})
    for path, label in (("/moved", "a redirect"), ("/teapot", "a refusal")):
        s.call("PATCH", f"webhooks/{hook}", {"url": receiver.url + path}, label=f"point it at {label}", show=lambda _: "done")
        s.post(f"webhooks/{hook}/test", show=lambda b: [b["result"].get("success"), b["result"].get("response_status")] if path == "/teapot" else "done")
        told(f"a test that meets {label}")
    s.call("PATCH", f"webhooks/{hook}", {"url": "http://127.0.0.1:9/closed"}, label="point it at nobody", show=lambda _: "done")
    s.post(f"webhooks/{hook}/test", show=lambda b: [b["result"].get("success"), "error_message" in b["result"]])
    s.call("PATCH", f"webhooks/{hook}", {"url": receiver.url + "/off", "status": "DISABLED"}, label="disable it", show=lambda _: "done")
    s.post("registered-models/create", name="silent")
    s.keep("nothing is delivered by a disabled webhook", body=receiver.next("s3cret", wait=1))
    plain = s.call("POST", "webhooks", {"name": "plain", "url": receiver.url + "/plain", "events": CREATED}, label="one without secret",
                   show=lambda _: "done")["webhook"]["webhook_id"]
    s.post("registered-models/create", name="again")
    told("a model was made, without secret")
    s.delete(f"webhooks/{plain}")
    s.post("registered-models/create", name="after")
    s.keep("nothing is delivered by a deleted webhook", body=receiver.next("s3cret", wait=1))
