"""What holds for every call: content types, bodies, hosts, origins, verbs, unknown paths."""

from harness import story

CREATE = "experiments/create"


@story("bodies")
def bodies(s):
    send = lambda data, **h: s.call("POST", CREATE, data=data, headers=h)  # noqa: E731
    json_type = {"Content-Type": "application/json"}
    send(b'{"name": "plain"}', **json_type)
    send(b'{"name": "charset"}', **{"Content-Type": "application/json; charset=utf-8"})
    send(b'{"name": "case"}', **{"Content-Type": "Application/JSON"})
    send(b'{"name": "none"}')
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonx", "text/json", ""):
        send(b'{"name": "typed"}', **{"Content-Type": kind})
    for body in (b"", b"not json", b"[]", b'"text"', b"5", b"null", b"{", b'{"name": "a"} trailing', b'{"name": "twice", "name": "two"}',
                 b"\xff\xfe", b'{"name": NaN}', b'"{\\"name\\": \\"quoted\\"}"'):
        send(body, **json_type)
    s.post(CREATE, Name="upper case field")
    s.post("runs/search", experimentIds=["0"], maxResults="x")
    s.post("experiments/search", maxResults=5, show=lambda _: "taken")
    s.call("POST", "runs/search?experiment_ids=0", {})
    s.call("DELETE", "registered-models/delete?name=x")
    s.call("PATCH", "registered-models/update", data=b"", headers=json_type)
    s.call("GET", "experiments/get?experiment_id=0&experiment_id=1")
    s.call("GET", "experiments/get?experiment_id=0&nonsense=1")


@story("spellings")
def spellings(s):
    """Forms of a request that MLflow's server reads as well as the usual one."""
    json_type = {"Content-Type": "application/json"}
    experiment = s.post(CREATE, name="spelled")["experiment_id"]
    s.call("POST", CREATE, data=b'\xef\xbb\xbf{"name": "marked"}', headers=json_type)
    s.call("GET", "experiments/get", data=f'{{"experiment_id": "{experiment}"}}'.encode(), headers=json_type)
    s.call("GET", "experiments/get?experiment_id=0", data=f'{{"experiment_id": "{experiment}"}}'.encode(), headers=json_type)
    s.call("GET", "registered-models/search", data=b'{"max_results": 5}', headers=json_type, show=lambda _: "taken")
    run = s.post("runs/create", experiment_id=experiment, start_time=7.0)["run"]["info"]["run_id"]
    for step in (3.0, 3e2, -2.0, 1.5):
        s.post("runs/log-metric", run_id=run, key="m", value=1, timestamp=1, step=step)
    s.get("metrics/get-history", run_id=run, metric_key="m")
    s.post("runs/set-tag", run_id=run, key="a", value="x")
    s.post("runs/set-tag", run_id=run, key="a b", value="x")
    for quoted in ("tags.'a' = 'x'", "tags.'a b' = 'x'", "params.'a' = 'x'", "metrics.'m' > 0"):
        s.post("runs/search", experiment_ids=[experiment], filter=quoted)
    for path in (".", "./", "./.", ""):
        s.get("artifacts/list", run_id=run, path=path)
    s.post("runs/search", experiment_ids=[experiment], filter_string="metrics.m > 5")
    s.post("runs/create", experiment_id=experiment, colour="red")
    for name in (" ", "\t", "\u00a0"):
        s.post(CREATE, name=name)


@story("verbs-and-paths")
def verbs(s):
    s.call("GET", "experiments/create")
    s.call("PUT", "experiments/create", {})
    s.call("DELETE", "experiments/get", {})
    s.call("POST", "experiments/get", {"experiment_id": "0"})
    s.call("HEAD", "experiments/get", query={"experiment_id": "0"})
    s.call("GET", "experiments/none")
    s.call("GET", "/api/2.0/none")
    s.call("GET", "/none")
    s.call("GET", "/api/3.0/mlflow/experiments/get", query={"experiment_id": "0"})
    s.call("GET", "experiments/get/", query={"experiment_id": "0"})
    s.call("GET", "/health")
    s.call("GET", "/version")
    s.call("POST", "/health")
    s.call("GET", "/api/3.0/mlflow/server-info")
    s.call("GET", "/ajax-api/3.0/mlflow/server-info")
    s.call("GET", "/", see=("X-Frame-Options", "X-Content-Type-Options"))
    seen = ("Content-Type", "X-Frame-Options", "X-Content-Type-Options")
    s.call("GET", "experiments/get", query={"experiment_id": "0"}, see=seen)
    s.call("GET", "experiments/get", query={"experiment_id": "999"}, see=seen)


@story("hosts-and-origins")
def hosts(s):
    for host in ("localhost", "localhost:5000", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:5000", "0.0.0.0", "evil.example", "evil.example:5000",
                 "localhost.evil.example", "10.0.0.1", "192.168.1.1:5000", "172.16.0.1", "8.8.8.8", "LOCALHOST"):
        s.call("GET", "experiments/get?experiment_id=0", headers={"Host": host}, show=lambda _: "answered")
        s.call("GET", "/health", headers={"Host": host})
    for origin in ("http://localhost", "http://localhost:3000", "http://127.0.0.1:5000", "http://[::1]:80", "https://localhost", s.url,
                   "http://evil.example", "null", "http://localhost.evil.example", "http://10.0.0.1", "file://"):
        for verb, call in (("POST", "experiments/search"), ("GET", "experiments/get?experiment_id=0")):
            body = {"max_results": 1} if verb == "POST" else None
            s.call(verb, call, body, headers={"Origin": origin}, show=lambda _: "answered")
        s.call("PUT", "/api/2.0/mlflow-artifacts/artifacts/o.txt", data=b"x", headers={"Origin": origin})
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    for origin in ("http://localhost:3000", "http://evil.example"):
        s.call("OPTIONS", "runs/create", headers={"Origin": origin, **asked}, see=("Access-Control-Allow-Origin",))


# What is no part of us: each call must end as an answer that clients take, not as a failure that they repeat.
ELSEWHERE = """
POST /api/3.0/mlflow/traces
POST /api/3.0/mlflow/traces/search
GET /api/3.0/mlflow/traces/tr-1
POST /api/2.0/mlflow/traces
GET /api/2.0/mlflow/traces
GET /api/2.0/mlflow/traces/tr-1/info
POST /api/2.0/mlflow/traces/delete-traces
POST /v1/traces
POST /api/3.0/mlflow/datasets/create
POST /api/3.0/mlflow/datasets/search
POST /api/3.0/mlflow/scorers/register
GET /api/3.0/mlflow/scorers/list
GET /api/3.0/mlflow/gateway/endpoints/list
POST /api/3.0/mlflow/gateway/endpoints/create
GET /api/3.0/mlflow/workspaces
POST /graphql
POST /ajax-api/2.0/mlflow/gateway-proxy
GET /ajax-api/2.0/mlflow/gateway-proxy
GET /ajax-api/3.0/mlflow/ui-telemetry
POST /api/3.0/mlflow/prompt-optimization/jobs
GET /ajax-api/3.0/jobs/1
POST /api/2.0/mlflow/users/create
""".split("\n")


@story("elsewhere")
def elsewhere(s):
    """Only our answers are of interest: MLflow has these."""
    for line in filter(None, ELSEWHERE):
        verb, path = line.split()
        body = {} if verb == "POST" else None
        answer = s.call(verb, path, body, show=lambda _: "answered")
        # what a client does not repeat
        s.steps[-1] = {"step": s.steps[-1]["step"], "repeated by clients": answer.status in (408, 429, 500, 502, 503, 504)}
