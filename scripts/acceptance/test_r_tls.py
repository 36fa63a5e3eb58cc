"""A registry with a certificate of its own, set up by one file, as MLflow's client and our scripts reach it."""

import datetime
import ipaddress
import json
import os
import subprocess

import pytest
from conftest import ROOT, environment, free_port, script
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

CLIENT = """
import mlflow
with mlflow.start_run() as run:
    mlflow.log_metric("m", 1.5)
    mlflow.log_text("hello", "note.txt")
assert mlflow.artifacts.load_text(f"{run.info.artifact_uri}/note.txt") == "hello"
print(run.info.run_id)
"""


@pytest.fixture
def certificate(tmp_path):
    """Paths of certificate and key of localhost, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    signed = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=60)).add_extension(x509.SubjectAlternativeName(names), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True).sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = serialization.Encoding.PEM
    (tmp_path / "cert.pem").write_bytes(signed.public_bytes(pem))
    plain = serialization.NoEncryption()
    (tmp_path / "key.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    return tmp_path / "cert.pem", tmp_path / "key.pem"


def client(server, **more):
    return subprocess.run(
        [os.environ["MILLRACE_PYTHON"], "-c", CLIENT], capture_output=True, text=True, check=False, timeout=300,
        env=environment(MLFLOW_TRACKING_URI=server, MLFLOW_HTTP_REQUEST_MAX_RETRIES="0", **more),
    )  # fmt: skip


def test_a_config_file_a_certificate_and_mlflows_client(home, tmp_path, certificate):
    cert, key = certificate
    settings = tmp_path / "registry.yaml"
    lines = [f'home: "{home}"', f"port: {free_port()}", "auth: true", "log-format: json", f"tls-cert: {cert}", f"tls-key: {key}"]
    settings.write_text("\n".join(lines) + "\n")

    url = script("registry", "start", "--config", settings).stdout.strip()
    assert url.startswith("https://127.0.0.1:")
    assert f"running at {url}" in script("registry", "status", "--home", home).stdout
    assert script("registry", "start", "--config", settings).stdout.strip() == url  # the live one
    assert "ada is allowed nothing" in script("registry", "user", "ada", "--home", home).stdout

    token = (home / "registry/admin-token").read_text().strip()
    told = client(url, MLFLOW_TRACKING_TOKEN=token)
    assert told.returncode and "certificate verify failed" in told.stderr
    told = client(url, MLFLOW_TRACKING_TOKEN=token, MLFLOW_TRACKING_SERVER_CERT_PATH=str(cert))
    assert told.returncode == 0, told.stderr[-3000:]

    generate = ["generate", "--config", ROOT / "conf/fraud/generate.yaml", "--set", "rows=10000"]
    generate += ["--set", f"landing={home}/landing", "--home", home]
    secrets = {"MLFLOW_TRACKING_TOKEN": token, "MLFLOW_TRACKING_SERVER_CERT_PATH": str(cert)}
    job = script("millrace", *generate, **secrets)
    assert f"{url}/#/experiments/" in job.stdout + job.stderr

    script("registry", "stop", "--home", home)
    assert script("registry", "status", "--home", home, expect=1)
    log = (home / "logs/registry.log").read_text()
    assert token not in log
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert any(line.get("route", "").endswith("/runs/create") and line["user"] == "admin" for line in lines)


def test_what_is_wrong_in_the_file_is_told_with_its_line(home, tmp_path):
    settings = tmp_path / "registry.yaml"
    settings.write_text(f"home: {home}\nprot: 5000\nauth: perhaps\n")

    told = script("registry", "start", "--config", settings, expect=2).stderr

    assert f"{settings}:2: `prot` is not a key here. Did you mean `port`?" in told
    assert f"{settings}:3: `auth` must be true or false." in told
