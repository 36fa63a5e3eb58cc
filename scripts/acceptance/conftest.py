"""Acceptance tests: the scripts as a user runs them, in processes of their own, with real clients.

`scripts/test` runs them. By hand: MILLRACE_PYTHON's environment, then `python -m pytest scripts/acceptance -k readers`.
"""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import time

import deltalake
import pandas
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("MILLRACE_SHARED_DATA", ROOT / "../shared/data")).resolve()
ROWS = 60_000
# What differs from run to run by its meaning: who wrote a row, when, and where the home stands.
OF_THE_RUN = {
    "run_id", "created_by_run", "created_at", "scored_at", "_ingested_at", "_source_file", "source_file", "at", "table_id",
}  # fmt: skip
# Estimates by sketches, promised within their rank error (docs/jobs/eda.md).
ESTIMATES = {"quantiles", "median"}


def pytest_configure(config):
    config.addinivalue_line("markers", "full: long; only scripts/test --full runs it")


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items):
    """Groups for pytest-xdist: one quickstart serves all that ask for it; the others go file by file."""
    for item in items:
        group = "quickstart" if "quickstart" in item.fixturenames else item.path.stem
        item.add_marker(pytest.mark.xdist_group(group))


def environment(**extra):
    """Ours without what would lead a script to another home or server; a server's log has a line for every request."""
    kept = {k: v for k, v in os.environ.items() if k not in ("MLFLOW_TRACKING_URI", "MILLRACE_HOME", "SPARK_HOME")}
    return {**kept, "MILLRACE_LOG_FORMAT": "json", **extra}


def script(name, *arguments, expect=0, timeout=900, **extra):
    """Runs scripts/NAME to its end; `expect` is its exit code, None for any."""
    command = [str(ROOT / "scripts" / name), *map(str, arguments)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=timeout, env=environment(**extra), cwd=ROOT, check=False
    )
    if expect is not None and done.returncode != expect:
        raise AssertionError(
            f"{' '.join(command)} ended with {done.returncode}, not {expect}\n"
            f"--- stdout\n{done.stdout[-4000:]}\n--- stderr\n{done.stderr[-8000:]}"
        )
    return done


def millrace(*arguments, **how):
    """Runs a command with --json and gives its document."""
    done = script("millrace", *arguments, "--json", **how)
    return json.loads(done.stdout) if done.stdout.strip() else None


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def shared(path):
    """A file or folder of the shared data sets; skips the test without it."""
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"needs the shared data set {path}: set MILLRACE_SHARED_DATA to the folder that holds it")
    return found


def tables(home):
    """Folders of the Delta tables of a home, by name."""
    return {
        f"{log.parent.parent.name}.{log.parent.name}": log.parent
        for log in sorted(pathlib.Path(home, "lake").glob("*/*/_delta_log"))
    }


def commits(home):
    """How many commits each table has."""
    return {name: len(list((folder / "_delta_log").glob("*.json"))) for name, folder in tables(home).items()}


def content(folder, version=None):
    """The rows of a table without what belongs to one run, in an order of their own; structs by field."""
    frame = deltalake.DeltaTable(str(folder), version=version).to_pandas()
    if "column_name" in frame:  # profiles tell of the columns that ingest adds, too
        frame = frame[~frame.column_name.fillna("").str.startswith("_")].reset_index(drop=True)
    for name in [c for c in frame.columns if isinstance(first(frame[c]), dict)]:
        for field in first(frame[name]):
            frame[f"{name}.{field}"] = frame[name].map(lambda struct, f=field: struct[f] if struct else None)
        del frame[name]
    left_out = OF_THE_RUN | ESTIMATES | {c for c in frame.columns if isinstance(first(frame[c]), bytes)}
    frame = frame[[c for c in frame.columns if c not in left_out]]
    frame = frame.map(lambda value: json.dumps(value.tolist(), default=str) if hasattr(value, "tolist") else value)
    frame = frame.map(lambda value: json.dumps(value, default=str) if isinstance(value, (list, dict)) else value)
    exact = [c for c in frame.columns if not pandas.api.types.is_float_dtype(frame[c])]
    return frame.sort_values([*exact, *(c for c in frame.columns if c not in exact)], ignore_index=True)


def first(column):
    known = column.dropna()
    return known.iloc[0] if len(known) else None


def home_in(folder, failed=lambda: False):
    """For fixtures: a place for a home; its registry is stopped afterwards, and all of it removed unless a test failed."""
    home = folder / "home"
    yield home
    script("registry", "stop", "--home", home, expect=None)
    if failed():
        log = home / "logs/registry.log"
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        print(f"{home} is kept; the end of its server's log:", *lines[-200:], sep="\n")
    else:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def home(tmp_path, request):
    yield from home_in(tmp_path, lambda: getattr(request.node, "failed", False))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    item.failed = getattr(item, "failed", False) or report.failed
    return report


class Quickstart:
    """A home in which scripts/quickstart has run once."""

    def __init__(self, home):
        self.home = home
        self.port = free_port()
        self.seconds = None
        self.document = None
        self.first = None

    def run(self, *more):
        begun = time.monotonic()
        done = script("quickstart", "--home", self.home, "--rows", ROWS, "--port", self.port, *more)
        self.seconds = time.monotonic() - begun
        self.document = json.loads((self.home / "logs/quickstart.json").read_text())
        self.first = self.first or self.document
        return done

    @property
    def url(self):
        return json.loads((self.home / "registry/server.json").read_text())["url"]

    def steps(self):
        """What the first run did, by step."""
        return {step["step"]: step for step in self.first["steps"]}


@pytest.fixture(scope="session")
def quickstart(tmp_path_factory):
    for home in home_in(tmp_path_factory.mktemp("quickstart")):
        story = Quickstart(home)
        story.run()
        yield story
