"""The registry server answers as MLflow's own server does, but for what is listed with its reason."""

import pytest
from conftest import script


def test_our_server_answers_as_recorded():
    done = script("conformance", "replay", expect=None, timeout=180)

    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-4_000:]


def test_a_difference_is_told_and_fails():
    """The same comparison, held against a server that is none: everything differs."""
    done = script("conformance", "replay", "--url", "http://127.0.0.1:9", "experiments", expect=None)

    assert done.returncode == 1
    assert "the story broke off" in done.stdout


@pytest.mark.full
def test_the_real_server_still_answers_as_recorded():
    done = script("conformance", "record", "--check", expect=None, timeout=1200)

    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-4_000:]
