"""Records MLflow's answers and compares ours with them. See docs/registry/mlflow-compatibility.md."""

import argparse
import contextlib
import importlib
import json
import os
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
RECORDED = HERE / "recorded"
# Before MLflow's client is imported: nothing leaves this machine, and answers name no user of it.
for name in [n for n in os.environ if n.startswith(("MLFLOW_", "_MLFLOW_"))]:
    del os.environ[name]
os.environ |= {"MLFLOW_DISABLE_TELEMETRY": "true", "LOGNAME": "anna", "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0"}

import servers  # noqa: E402
from compare import Accepted, differences  # noqa: E402
from harness import STORIES, tell  # noqa: E402
from normal import written  # noqa: E402


def load_stories():
    sys.path.insert(0, str(HERE / "stories"))
    for path in sorted((HERE / "stories").glob("*.py")):
        importlib.import_module(path.stem)


def told(names, server):
    """Story → steps. One server per kind of settings, started once."""
    found = {}
    for settings in dict.fromkeys(STORIES[name][0] for name in names):
        with server(settings) as url:
            for name in [n for n in names if STORIES[n][0] == settings]:
                begun = time.monotonic()
                found[name] = tell(name, url)
                print(f"{name}: {len(found[name])} steps in {time.monotonic() - begun:.1f} s", file=sys.stderr, flush=True)
    return found


def recorded(name):
    path = RECORDED / f"{name}.json"
    if not path.exists():
        raise SystemExit(f"{path} is not there: run scripts/conformance record {name}")
    return json.loads(path.read_text())["steps"]


def record(names):
    import mlflow

    for name, steps in told(names, servers.mlflow).items():
        text = written({"story": name, "mlflow": mlflow.__version__, "steps": steps})
        (RECORDED / f"{name}.json").write_text(text + "\n")
        print(f"{name}: {len(steps)} answers kept")
    return 0


def check(names):
    """Whether the real server still answers as recorded."""
    found = [d for name, steps in told(names, servers.mlflow).items() for d in differences(name, recorded(name), steps)]
    for difference in found:
        print(difference)
    print(f"{len(found)} answers of MLflow are no longer those recorded")
    return 1 if found else 0


def replay(names, url):
    server = (lambda settings: contextlib.nullcontext(url)) if url else servers.ours
    accepted = Accepted(HERE / "differences.yaml")
    steps = agreed = listed = 0
    new = []
    for name, ours in told(names, server).items():
        found = differences(name, recorded(name), ours)
        steps += len(recorded(name))
        agreed += len(recorded(name)) - len({d.step for d in found})
        rest = [d for d in found if not accepted.takes(d)]
        listed += len({d.step for d in found} - {d.step for d in rest})
        new += rest
    idle = accepted.idle() if set(names) == set(STORIES) else []
    for difference in new:
        print(difference)
    for entry in idle:
        print(f"differences.yaml lists what does not differ: {entry}")
    print(f"{steps} answers: {agreed} agree, {listed} differ as listed, {len({(d.story, d.step) for d in new})} differ")
    return 1 if new or idle else 0


def main():
    parser = argparse.ArgumentParser(prog="scripts/conformance")
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("record", help="ask a real MLflow server and keep its answers")
    one.add_argument("--check", action="store_true", help="only compare its answers with those kept")
    two = commands.add_parser("replay", help="ask our server and print what differs")
    two.add_argument("--url", help="of a server that is running and empty; default: one is started")
    for command in (one, two):
        command.add_argument("stories", nargs="*", metavar="STORY", help="default: all")
    given = parser.parse_args()
    load_stories()
    unknown = set(given.stories) - set(STORIES)
    if unknown:
        raise SystemExit(f"no such story: {', '.join(sorted(unknown))}; known: {', '.join(STORIES)}")
    names = given.stories or list(STORIES)
    if given.command == "replay":
        return replay(names, given.url.rstrip("/") if given.url else None)
    return check(names) if given.check else record(names)


if __name__ == "__main__":
    sys.exit(main())
