"""The distribution, unpacked on a machine without Maven: a Java runtime and a SPARK_HOME are enough."""

import os
import shutil
import subprocess

import pytest
from conftest import ROOT, commits, environment, free_port, script, tables
from hadoop import SPARK_HOME, yarn  # noqa: F401: a fixture


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    archive = script("dist", "--output", folder).stdout.strip()
    subprocess.run(["tar", "-xzf", archive, "-C", folder], check=True)
    os.remove(archive)
    (root,) = folder.iterdir()
    return root


class Machine:
    """A machine with an empty home and no Maven, on which the distribution was unpacked."""

    def __init__(self, root, folder):
        self.root, self.folder = root, folder
        programs = folder / "bin"
        programs.mkdir()
        for place in ("/usr/local/bin", "/usr/bin", "/bin"):
            for program in os.listdir(place):
                if program not in ("mvn", "javac", "jar") and not (programs / program).exists():
                    (programs / program).symlink_to(f"{place}/{program}")
        self.variables = {"PATH": str(programs), "HOME": str(folder / "empty"), "SPARK_HOME": str(SPARK_HOME)}
        (folder / "empty").mkdir()

    def run(self, name, *arguments, expect=0, **variables):
        done = subprocess.run(
            [str(self.root / "scripts" / name), *map(str, arguments)], cwd=self.folder, capture_output=True, text=True,
            env={k: v for k, v in (environment() | self.variables | variables).items() if v is not None and k != "JAVA_HOME"},
            timeout=1200, check=False,
        )  # fmt: skip
        assert done.returncode == expect, f"{done.stdout[-4000:]}\n{done.stderr[-8000:]}"
        return done


@pytest.fixture
def machine(unpacked, tmp_path):
    return Machine(unpacked, tmp_path)


def test_checksums_and_licences_are_there(unpacked):
    subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=unpacked, check=True)
    for module in ("jobs", "registry-server"):
        assert "Apache" in (unpacked / "licenses" / module / "THIRD-PARTY.txt").read_text()
    assert not list(unpacked.rglob("pom.xml"))


def test_a_job_runs_and_a_missing_spark_is_named(machine):
    machine.run(
        "millrace", "generate", "--config", machine.root / "conf/fraud/generate.yaml", "--home", "home", "--set",
        "rows=2000", "--set", f"landing={machine.folder}/landing",
    )  # fmt: skip
    assert (machine.folder / "landing/transactions").is_dir()

    refused = machine.run("millrace", "tables", "--home", "home", expect=2, SPARK_HOME=None)
    assert "SPARK_HOME" in refused.stderr


def test_copying_it_builds_nothing(machine, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(machine.root, copy)
    machine.root = copy
    done = machine.run("millrace", "tables", "--home", "home")
    assert "building" not in done.stderr


@pytest.mark.full
def test_the_quickstart_and_the_registry(machine):
    home = machine.folder / "home"
    machine.run("quickstart", "--home", home, "--rows", 20000, "--port", free_port())
    try:
        assert len(tables(home)) > 10
        before = commits(home)
        machine.run("quickstart", "--home", home, "--rows", 20000, "--stop")
        assert commits(home) == before
    finally:
        machine.run("registry", "stop", "--home", home)


@pytest.mark.full
def test_a_submit_to_yarn(machine, yarn):  # noqa: F811
    done = machine.run(
        "millrace", "generate", "--config", machine.root / "conf/fraud/generate.yaml", "--home", "hdfs:///dist/home",
        "--set", "rows=2000", "--set", "landing=hdfs:///dist/landing", *yarn.command("cluster"),
        HADOOP_CONF_DIR=yarn.variables["HADOOP_CONF_DIR"],
    )  # fmt: skip
    assert "SUCCEEDED" in done.stderr
