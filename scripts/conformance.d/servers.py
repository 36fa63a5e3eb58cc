"""Starts the two servers, each on an empty folder and a free port."""

import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import requests

ROOT = pathlib.Path(__file__).resolve().parents[2]
JAR = ROOT / "registry-server/target/millrace-registry.jar"
# Fernet's format; it only has to be one.
KEY = "bWlsbHJhY2UtY29uZm9ybWFuY2Uta2V5LTAxMjM0NTY="
# Stories that look at everything, and those of clients, which keep what they learned of a server, get servers of their
# own; those about deliveries need a receiver on this machine.
MLFLOW_SETTINGS = {
    "usual": {},
    "empty": {},
    "clients": {},
    "local-hooks": {
        "MLFLOW_WEBHOOK_ALLOWED_SCHEMES": "http,https",
        "MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS": "true",
        "MLFLOW_WEBHOOK_REQUEST_MAX_RETRIES": "0",
        "MLFLOW_WEBHOOK_CACHE_TTL": "0",
    },
}
OUR_SETTINGS = {"usual": [], "empty": [], "clients": [], "local-hooks": ["--webhook-host", "127.0.0.1"]}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@contextlib.contextmanager
def _running(command, url, folder, **more):
    with open(folder / "server.log", "wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=folder, **more)
    try:
        until = time.monotonic() + 180
        while True:
            with contextlib.suppress(requests.RequestException):
                if requests.get(url + "/health", timeout=5).status_code == 200:
                    break
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"{command[0]} did not start:\n{(folder / 'server.log').read_text()[-4000:]}")
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def _folder():
    path = pathlib.Path(tempfile.mkdtemp(prefix="millrace-conformance-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def mlflow(settings):
    """The real server: one worker, SQLite, artifacts through its proxy."""
    port = free_port()
    with _folder() as folder:
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("MLFLOW_", "_MLFLOW_"))}
        environment |= {
            "MLFLOW_DISABLE_TELEMETRY": "true",
            "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
            "MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY": KEY,
            **MLFLOW_SETTINGS[settings],
        }
        command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port)]
        command += ["--workers", "1", "--backend-store-uri", f"sqlite:///{folder}/mlflow.db"]
        command += ["--artifacts-destination", str(folder / "artifacts")]
        with _running(command, f"http://127.0.0.1:{port}", folder, env=environment) as url:
            yield url


@contextlib.contextmanager
def ours(settings):
    """The registry server from its jar."""
    port = free_port()
    java = pathlib.Path(os.environ["JAVA_HOME"], "bin/java") if os.environ.get("JAVA_HOME") else "java"
    with _folder() as folder:
        command = [str(java), "-Xmx512m", "-XX:+UseSerialGC", "-Dfile.encoding=UTF-8", "-Duser.timezone=UTC"]
        command += ["-jar", str(JAR), "--home", str(folder / "home"), "--port", str(port), *OUR_SETTINGS[settings]]
        with _running(command, f"http://127.0.0.1:{port}", folder) as url:
            yield url
