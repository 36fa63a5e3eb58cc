"""HDFS and YARN on this machine, and what a user of them has: `hdfs dfs`, `yarn application`, a Spark installation."""

import getpass
import json
import os
import pathlib
import re
import subprocess
import urllib.parse
import urllib.request

import pytest
from conftest import ROOT, script

# PyPI's pyspark is a whole Spark installation; scripts/test puts it there.
SPARK_HOME = ROOT / "jobs/target/pyspark/pyspark"
APPLICATION = re.compile(r"application_\d+_\d+")


class Yarn:
    """A cluster that scripts/cluster started, seen through its configuration."""

    def __init__(self, state, conf):
        self.state, self.conf = state, conf
        site = pathlib.Path(conf, "hdfs-site.xml").read_text()
        self.files = re.search(r"<name>dfs\.namenode\.http-address</name><value>([^<]+)", site)[1]

    @property
    def variables(self):
        return {"SPARK_HOME": str(SPARK_HOME), "HADOOP_CONF_DIR": str(self.conf)}

    def client(self, program, *arguments, expect=0):
        """Runs one of Hadoop's command-line programs."""
        command = ["java", "-Xmx256m", "-cp", f"{self.conf}:{SPARK_HOME}/jars/*", program, *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert expect is None or done.returncode == expect, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def webhdfs(self, remote, operation, method="GET", body=None, **options):
        """A request to HDFS's REST interface, which redirects to the node that has the data."""
        query = urllib.parse.urlencode({"op": operation, "user.name": getpass.getuser(), **options})
        url = f"http://{self.files}/webhdfs/v1{urllib.parse.quote(str(remote))}?{query}"
        if method == "PUT" and body is not None:
            request = urllib.request.Request(f"{url}&noredirect=true", method=method)
            with urllib.request.urlopen(request, timeout=60) as answer:
                url = json.load(answer)["Location"]
        headers = {"Content-Type": "application/octet-stream"}
        request = urllib.request.Request(url, data=body, method=method, headers=headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()

    def put(self, local, remote):
        """A file or a folder, to HDFS."""
        local = pathlib.Path(local)
        files = sorted(file for file in local.rglob("*") if file.is_file()) if local.is_dir() else [local]
        for file in files:
            target = pathlib.PurePosixPath(remote) / file.relative_to(local) if local.is_dir() else remote
            self.webhdfs(target, "CREATE", "PUT", file.read_bytes(), overwrite="true")

    def get(self, remote, local):
        """A file or a folder, from HDFS."""
        for entry in json.loads(self.webhdfs(remote, "LISTSTATUS"))["FileStatuses"]["FileStatus"]:
            name = entry["pathSuffix"]
            source, target = (f"{remote}/{name}", pathlib.Path(local) / name) if name else (remote, pathlib.Path(local))
            if entry["type"] == "DIRECTORY":
                self.get(source, target)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(self.webhdfs(source, "OPEN") if entry["length"] else b"")

    def document(self, remote, folder):
        """A result that a job wrote to HDFS."""
        local = pathlib.Path(folder) / pathlib.PurePosixPath(remote).name
        local.unlink(missing_ok=True)
        self.get(remote, local)
        return json.loads(local.read_text())

    def yarn(self, *arguments, **how):
        return self.client("org.apache.hadoop.yarn.client.cli.ApplicationCLI", *arguments, **how)

    def status(self, application):
        """What `yarn application -status` says, and how many attempts there were."""
        told = self.yarn("application", "-status", application)
        fields = dict(re.findall(r"^\s*([\w-]+) : (.*)$", told, re.MULTILINE))
        attempts = self.yarn("applicationattempt", "-list", application)
        return fields["State"], fields["Final-State"], len(re.findall(r"^\s*appattempt_", attempts, re.MULTILINE))

    def command(self, mode, *arguments):
        """Options that place a job on this cluster."""
        short = [] if "MILLRACE_C1" not in os.environ else [
            part
            for process in ("driver", "executor")
            for part in ("--conf", f"spark.{process}.extraJavaOptions=-XX:TieredStopAtLevel=1")
        ]  # fmt: skip
        return [
            *arguments, "--master", "yarn", "--deploy-mode", mode, "--num-executors", "1", "--driver-memory", "1g",
            "--executor-memory", "1g", "--executor-cores", "2", "--conf", f"spark.yarn.jars=local:{SPARK_HOME}/jars/*",
            *short,
        ]  # fmt: skip

    def run(self, mode, *arguments, expect=0, **how):
        """Runs a job and gives its application's id with what the client printed."""
        done = script("millrace", *self.command(mode, *arguments), expect=expect, **self.variables, **how)
        return APPLICATION.findall(done.stderr)[-1], done

    def logs(self, application, name="stderr"):
        """What the containers of an application printed."""
        return "\n".join(
            file.read_text(errors="replace")
            for file in sorted(pathlib.Path(self.state).rglob(f"{application}/*/{name}"))
        )

    def containers(self, main):
        """Process ids of this cluster's containers whose command line names a class."""
        listed = subprocess.run(["pgrep", "-f", main], capture_output=True, text=True, check=False).stdout
        ours = []
        for pid in map(int, listed.split()):
            try:
                folder = os.readlink(f"/proc/{pid}/cwd")
                name = pathlib.Path(f"/proc/{pid}/comm").read_text().strip()
            except OSError:
                continue  # it ended
            if folder.startswith(str(self.state)) and name == "java":
                ours.append(pid)
        return ours


@pytest.fixture(scope="module")
def yarn(tmp_path_factory):
    assert SPARK_HOME.is_dir(), "scripts/test installs PyPI's pyspark there"
    state = tmp_path_factory.mktemp("hadoop")
    variables = {"MILLRACE_CLUSTER_DIR": str(state)}
    conf = script(
        "cluster", "start", "--kind", "yarn", "--workers", 1, "--cores", 8, "--memory", "8g", **variables
    ).stdout.strip()  # fmt: skip
    yield Yarn(state, conf)
    script("cluster", "stop", **variables)
