"""What cannot run here is planned: a dry run for YARN and Kubernetes checks job file and arguments, and writes nothing."""

import pytest
from conftest import ROOT, commits, millrace, script


@pytest.mark.parametrize("master", ["yarn", "k8s://https://host:6443"])
def test_a_dry_run_shows_the_plan_and_the_command(master, quickstart):
    before = commits(quickstart.home)

    done = script(
        "millrace", "score", "--config", ROOT / "conf/fraud/score.yaml", "--home", quickstart.home, "--dry-run",
        "--master", master, "--deploy-mode", "cluster", "--conf", "spark.executor.memory=1g", "--num-executors", "2",
    )  # fmt: skip

    told = done.stderr + done.stdout
    assert f"would submit: spark-submit --master {master}" in told
    for given in ("--deploy-mode cluster", "--conf spark.executor.memory=1g", "--num-executors 2", "score --config"):
        assert given in told
    assert "predictions.fraud" in told
    assert commits(quickstart.home) == before


def test_a_wrong_job_file_is_refused_by_the_dry_run(quickstart):
    done = script(
        "millrace", "score", "--config", ROOT / "conf/fraud/score.yaml", "--home", quickstart.home, "--dry-run",
        "--master", "yarn", "--set", "score.keyz=transaction_id", expect=2,
    )  # fmt: skip

    assert "keyz" in done.stderr


def test_every_job_file_is_valid():
    files = sorted(str(f.relative_to(ROOT)) for f in (ROOT / "conf").glob("*/*.yaml"))

    document = millrace("validate", *files, "--set", "data=somewhere")

    assert len(files) >= 20
    assert not document.get("problems")
