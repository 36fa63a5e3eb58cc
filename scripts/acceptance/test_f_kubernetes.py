"""What spark-submit asks of Kubernetes for a job: the driver's pod is the one that docs/clusters.md promises. No container
runs: the API server keeps what it is given."""

import json
import subprocess
import urllib.request

import pytest
from conftest import ROOT, free_port, script
from hadoop import SPARK_HOME

pytestmark = pytest.mark.full


@pytest.fixture
def api(tmp_path):
    source = ROOT / "scripts/clusters/kubernetes"
    path = tmp_path / "classpath"
    subprocess.run(
        ["mvn", "-B", "-ntp", "-q", "-f", source / "pom.xml", "dependency:build-classpath", f"-Dmdep.outputFile={path}"],
        check=True,
    )  # fmt: skip
    classpath = path.read_text()
    subprocess.run(["javac", "-cp", classpath, "-d", tmp_path, source / "KubernetesApi.java"], check=True)
    port = free_port()
    command = ["java", "-Xmx256m", "-cp", f"{tmp_path}:{classpath}", "KubernetesApi", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        for line in server.stdout:
            if line.strip() == "ready":
                break
        yield f"http://127.0.0.1:{port}"
        server.terminate()


def test_the_driver_pod_is_the_one_that_is_promised(api):
    script(
        "millrace", "score", "--config", "hdfs:///conf/score.yaml", "--home", "hdfs:///millrace", "--result",
        "hdfs:///results/score.json", "--master", f"k8s://{api}", "--deploy-mode", "cluster", "--driver-memory", "2g",
        "--conf", "spark.kubernetes.container.image=millrace:0.1.0",
        "--conf", "spark.kubernetes.namespace=ml",
        "--conf", "spark.kubernetes.authenticate.driver.serviceAccountName=millrace",
        "--conf", "spark.kubernetes.driver.secretKeyRef.MLFLOW_TRACKING_TOKEN=registry:token",
        "--conf", "spark.kubernetes.driverEnv.MLFLOW_TRACKING_URI=https://registry:5000",
        "--conf", "spark.kubernetes.submission.waitAppCompletion=false",
        SPARK_HOME=str(SPARK_HOME),
    )  # fmt: skip

    with urllib.request.urlopen(f"{api}/api/v1/namespaces/ml/pods") as answer:
        (pod,) = json.load(answer)["items"]
    spec = pod["spec"]
    (container,) = spec["containers"]
    variables = {entry["name"]: entry for entry in container["env"]}
    assert pod["metadata"]["labels"]["spark-role"] == "driver"
    assert spec["restartPolicy"] == "Never"
    assert spec["serviceAccountName"] == "millrace"
    assert container["image"] == "millrace:0.1.0"
    arguments = container["args"]
    assert arguments[arguments.index("--class") + 1] == "dev.millrace.cli.Millrace"
    jar = arguments.index("local:///opt/millrace/lib/millrace-jobs.jar")
    assert arguments[jar + 1 :] == [
        "score", "--config", "hdfs:///conf/score.yaml", "--home", "hdfs:///millrace", "--result",
        "hdfs:///results/score.json",
    ]  # fmt: skip
    assert variables["MLFLOW_TRACKING_URI"]["value"] == "https://registry:5000"
    assert variables["MLFLOW_TRACKING_TOKEN"]["valueFrom"]["secretKeyRef"] == {"name": "registry", "key": "token"}
    assert container["resources"]["limits"]["memory"] == "2432Mi"  # 2g and Spark's own overhead of 384 MiB

    with urllib.request.urlopen(f"{api}/api/v1/namespaces/ml/configmaps") as answer:
        maps = json.load(answer)["items"]
    (properties,) = (entry["data"]["spark.properties"] for entry in maps if "spark.properties" in entry["data"])
    jars = next(line for line in properties.splitlines() if line.startswith("spark.jars="))
    assert "/opt/millrace/lib/delta/delta-spark" in jars
