"""The artifact proxy, listings, downloads, uploads by pages, multipart and presigned calls."""

from harness import story
from runs import fresh

SEEN = ("Content-Disposition", "X-Content-Type-Options")
PROXY = "/api/2.0/mlflow-artifacts/artifacts"


@story("artifact-proxy")
def proxy(s):
    put = lambda path, data=b"text", **h: s.call("PUT", f"{PROXY}/{path}", data=data, headers=h or None)  # noqa: E731
    put("t/a.txt")
    put("t/a.txt", b"other")
    put("t/sub/b.json", b"{}")
    put("t/empty.bin", b"")
    put("t/page.html", b"<script>1</script>")
    put("t/n\u00e4me b.txt".encode().decode("latin-1").replace("\u00c3\u00a4", "%C3%A4").replace(" ", "%20"))
    put("t/typed", **{"Content-Type": "application/octet-stream"})
    s.call("PUT", "/ajax-api/2.0/mlflow-artifacts/artifacts/t/ajax.txt", data=b"x")
    get = lambda path, **h: s.call("GET", f"{PROXY}/{path}", headers=h or None, see=SEEN)  # noqa: E731
    get("t/a.txt")
    get("t/sub/b.json")
    get("t/empty.bin")
    get("t/page.html")
    get("t/n%C3%A4me%20b.txt")
    get("t/none.txt")
    get("t/sub")
    get("t")
    s.call("GET", f"{PROXY}/t/a.txt", headers={"Range": "bytes=1-2"}, see=("Content-Range",))
    s.call("GET", f"{PROXY}/t/a.txt", headers={"Range": "bytes=9-"})
    for folder in ("", "t", "t/", "t/sub", "none", "t/a.txt", "../x", "/etc", "t/../..", "%2e%2e", "t/./sub", "t\\sub"):
        s.get(PROXY, path=folder)
    s.get("/ajax-api/2.0/mlflow-artifacts/artifacts", path="t")
    s.get(PROXY)
    for path in ("../x", "%2e%2e/x", "%252e%252e/x", "t/../../x", "t/%2e%2e/%2e%2e/x", "t/..%5cx", "t//x", "/etc/passwd", "t/%00x",
                 "C:/x", "t/%5c..%5cx"):
        get(path)
        put(path)
        s.call("DELETE", f"{PROXY}/{path}")
    put("t/a.txt/below")
    put("t/sub")
    s.call("PUT", f"{PROXY}/", data=b"x")
    s.call("PUT", PROXY, data=b"x")
    s.call("POST", f"{PROXY}/t/a.txt", data=b"x")
    s.call("DELETE", f"{PROXY}/t/a.txt")
    s.call("DELETE", f"{PROXY}/t/a.txt")
    s.call("DELETE", f"{PROXY}/t/sub")
    s.get(PROXY, path="t")


@story("run-artifacts")
def of_runs(s):
    e, run = fresh(s, "artifacts")
    root = f"{PROXY}/{e}/{run}/artifacts"
    s.get("artifacts/list", run_id=run)
    for path in ("a.txt", "dir/b.txt", "dir/deep/c.txt", "page.html", "data.json", "table.csv", "pic.png", "MLmodel", "x.parquet"):
        s.call("PUT", f"{root}/{path}", data=b"abc")
    s.get("artifacts/list", run_id=run)
    s.get("artifacts/list", run_uuid=run)
    s.get("/ajax-api/2.0/mlflow/artifacts/list", run_id=run, path="dir")
    for path in ("dir", "dir/", "dir/deep", "none", "a.txt", "../x", "/etc", "dir/../..", "%2e%2e", "dir//deep", ".", ""):
        s.get("artifacts/list", run_id=run, path=path)
    s.get("artifacts/list")
    s.get("artifacts/list", run_id="0" * 32)
    s.get("artifacts/list", run_id=run, page_token="x")
    for path in ("a.txt", "dir/b.txt", "page.html", "data.json", "table.csv", "MLmodel", "none", "dir", "../x", "/etc/passwd",
                 "%2e%2e/x", "dir/../a.txt", ""):
        s.call("GET", "/get-artifact", query={"run_id": run, "path": path}, see=("X-Content-Type-Options",))
    s.get("/get-artifact", run_uuid=run, path="a.txt")
    s.get("/get-artifact", path="a.txt")
    s.get("/get-artifact", run_id=run)
    s.get("/get-artifact", run_id="0" * 32, path="a.txt")
    s.post("registered-models/create", name="art")
    s.post("model-versions/create", name="art", source=f"runs:/{run}/dir", run_id=run)
    version = lambda **q: s.get("/model-versions/get-artifact", **q)  # noqa: E731
    version(name="art", version="1", path="b.txt")
    version(name="art", version="1", path="deep/c.txt")
    version(name="art", version="1", path="none")
    version(name="art", version="1", path="../a.txt")
    version(name="art", version="1")
    version(name="art", path="b.txt")
    version(version="1", path="b.txt")
    version(name="none", version="1", path="b.txt")
    version(name="art", version="9", path="b.txt")
    model = s.post("logged-models", experiment_id=e, name="lm")["model"]["info"]["model_id"]
    s.call("PUT", f"{PROXY}/{e}/models/{model}/artifacts/MLmodel", data=b"flavors: {}")
    s.call("PUT", f"{PROXY}/{e}/models/{model}/artifacts/d/x.txt", data=b"x")
    s.get(f"logged-models/{model}/artifacts/directories")
    s.get(f"logged-models/{model}/artifacts/directories", artifact_directory_path="d")
    s.get(f"logged-models/{model}/artifacts/directories", artifact_directory_path="../d")
    files = f"/ajax-api/2.0/mlflow/logged-models/{model}/artifacts/files"
    for path in ("MLmodel", "d/x.txt", "none", "../x", "d"):
        s.get(files, artifact_file_path=path)
    s.get(files)
    s.get(f"/ajax-api/2.0/mlflow/logged-models/m-{'0' * 32}/artifacts/files", artifact_file_path="MLmodel")


@story("uploads")
def uploads(s):
    _, run = fresh(s, "uploads")
    path = "/ajax-api/2.0/mlflow/upload-artifact"
    up = lambda query, data=b"abc": s.call("POST", path, query=query, data=data, label=f"upload {query} {len(data)}")  # noqa: E731
    up({"run_uuid": run, "path": "u.txt"})
    up({"run_uuid": run, "path": "d/u.txt"})
    up({"run_uuid": run})
    up({"path": "u.txt"})
    up({"run_uuid": run, "path": "u.txt"}, b"")
    up({"run_uuid": run, "path": "../u.txt"})
    up({"run_uuid": "0" * 32, "path": "u.txt"})
    up({"run_uuid": run, "path": "big"}, b"x" * (10 * 1024 * 1024 + 1))
    s.get("artifacts/list", run_id=run)
    s.get("/get-artifact", run_id=run, path="d/u.txt")


@story("multipart")
def multipart(s):
    e, run = fresh(s, "multipart")
    for prefix in ("/api/2.0", "/ajax-api/2.0"):
        base = f"{prefix}/mlflow-artifacts/mpu"
        s.post(f"{base}/create/x/y.bin", path="x/y.bin", num_parts=2)
        s.post(f"{base}/complete/x/y.bin", path="x/y.bin", upload_id="u", parts=[])
        s.post(f"{base}/abort/x/y.bin", path="x/y.bin", upload_id="u")
    base = "/api/2.0/mlflow-artifacts/mpu"
    s.post(f"{base}/create/x/y.bin")
    s.post(f"{base}/create/../y.bin", path="../y.bin", num_parts=1)
    s.call("GET", f"/api/2.0/mlflow-artifacts/presigned/{e}/{run}/artifacts/a.txt")
    s.call("GET", "/ajax-api/2.0/mlflow-artifacts/presigned/x")
    s.post("artifacts/presigned-upload-url", run_id=run, path="a.txt", expiration=60)
    s.post("artifacts/presigned-upload-url", path="a.txt")
    s.post("artifacts/presigned-upload-url", run_id=run)
    s.post("artifacts/presigned-upload-url", run_id=run, path="../x")
    s.post("artifacts/presigned-upload-url", run_id="0" * 32, path="a.txt")
    s.post("artifacts/presigned-download-url", run_id=run, path="a.txt", expiration=60)
    s.post("artifacts/presigned-download-url", run_id=run)
