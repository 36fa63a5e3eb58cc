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
    found = (ROOT / "conf").glob("*/*.yaml")
    files = sorted(str(f.relative_to(ROOT)) for f in found if f.parent.name != "registry")  # the server's settings

    document = millrace("validate", *files, "--set", "data=somewhere")

    assert len(files) >= 20
    assert not document.get("problems")


def test_jars_of_the_user_and_delta_s_go_to_an_installed_spark_together(tmp_path):
    submit = tmp_path / "spark/bin/spark-submit"  # shows what it is given
    submit.parent.mkdir(parents=True)
    submit.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    submit.chmod(0o755)

    given = script(
        "millrace", "tables", "--jars", "one.jar,two.jar", "--home", tmp_path, SPARK_HOME=str(tmp_path / "spark")
    ).stdout.splitlines()

    (jars,) = [given[i + 1].split(",") for i, option in enumerate(given) if option == "--jars"]
    assert jars[:2] == ["one.jar", "two.jar"]
    assert any("/delta-spark" in jar for jar in jars)
