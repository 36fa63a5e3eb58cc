"""A home on S3 (a server that speaks it): the first nine steps of the example, equal tables; writers that cannot see each
other are refused."""

import socket
import subprocess
import sys
import time

import pytest
from conftest import ROOT, environment, free_port, millrace, script
from hadoop import SPARK_HOME
from test_f_cluster import assert_same_tables, metrics, rows, story

JARS = ROOT / "jobs/target/s3"
ARTIFACTS = ["org.apache.hadoop:hadoop-aws:3.4.2", "software.amazon.awssdk:bundle:2.29.52"]

pytestmark = pytest.mark.full


@pytest.fixture(scope="module")
def jars():
    for artifact in ARTIFACTS:
        _, name, version = artifact.split(":")
        if not (JARS / f"{name}-{version}.jar").exists():
            subprocess.run(
                ["mvn", "-B", "-ntp", "-q", "dependency:copy", f"-Dartifact={artifact}", f"-DoutputDirectory={JARS}"],
                cwd=ROOT, check=True,
            )  # fmt: skip
    return ",".join(str(jar) for jar in sorted(JARS.glob("*.jar")))


@pytest.fixture(scope="module")
def s3():
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(10)


@pytest.fixture
def bucket(s3):
    import boto3

    client = boto3.client(
        "s3", endpoint_url=s3, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    client.create_bucket(Bucket="millrace")
    yield client


def options(s3, jars):
    settings = {
        "endpoint": s3,
        "endpoint.region": "us-east-1",
        "access.key": "a",
        "secret.key": "b",
        "path.style.access": "true",
        "connection.ssl.enabled": "false",
    }
    return [
        "--jars", jars, "--master", "local[*]",
        *(part for key, value in settings.items() for part in ("--conf", f"spark.hadoop.fs.s3a.{key}={value}")),
    ]  # fmt: skip


def fetch(client, prefix, folder):
    for page in client.get_paginator("list_objects_v2").paginate(Bucket="millrace", Prefix=prefix):
        for entry in page.get("Contents", []):
            if entry["Key"].endswith("/"):
                continue
            target = folder / entry["Key"].removeprefix(prefix)
            target.parent.mkdir(parents=True, exist_ok=True)
            client.download_file("millrace", entry["Key"], str(target))


def test_the_first_nine_steps_on_s3(s3, jars, bucket, quickstart, tmp_path, home):
    place = "s3a://millrace/home"
    file = story("generate", "train", place, tmp_path)
    port = free_port()
    script("registry", "start", "--home", home, "--port", port)
    arguments = [
        "pipeline", "--config", file, "--home", place, "--set", f"tracking.uri=http://127.0.0.1:{port}",
        *options(s3, jars),
    ]  # fmt: skip

    refused = millrace(*arguments, expect=2, SPARK_HOME=str(SPARK_HOME))
    assert "single-writer: true" in str(refused)
    assert not bucket.list_objects_v2(Bucket="millrace").get("Contents")

    done = millrace(*arguments, "--set", "single-writer=true", timeout=1800, SPARK_HOME=str(SPARK_HOME))

    steps = {step["step"]: step for step in done["steps"]}
    local = {name: step for name, step in quickstart.steps().items() if name in steps}
    assert len(steps) == 9
    assert rows(steps) == rows(local)
    fetch(bucket, "home/lake/", tmp_path / "fetched/lake")
    assert_same_tables(quickstart.home, tmp_path / "fetched", but={"monitoring.profile_metrics"})
    ours, theirs = (
        metrics(url, run["train"]["run_id"])
        for url, run in ((quickstart.url, local), (f"http://127.0.0.1:{port}", steps))
    )
    assert theirs == pytest.approx(ours, rel=1e-6)
