"""`scripts/bench registry`: our server beside MLflow's, the same load on the same machine in one run.

Both are filled directly, through their own tables: MLflow's server would take most of an hour for 20,000 runs.
"""

import argparse
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import time
import urllib.request

import registry_drift

SEED = 20261127
METRICS = ["auc", "loss", "precision", "recall", "f1"]
PARAMS = ["depth", "trees", "rate", "algorithm", "fold"]
CLIENTS = 32
FIRST = {"experiment_ids": ["1"], "max_results": 100}
SEARCHES = {
    "first page": FIRST,
    "metric and param filter": {**FIRST, "filter": "metrics.auc > 0.9 and params.depth = '5'"},
    "param filter, by metric": {**FIRST, "filter": "params.depth = '5'", "order_by": ["metrics.auc DESC"]},
}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """A server process, its database filled or not."""

    def __init__(self, name, home):
        self.name, self.home, self.process, self.port = name, home, None, None
        home.mkdir(parents=True)

    def start(self):
        """Seconds from exec to the first answer."""
        self.port = free_port()
        log = open(self.home / "log", "ab")
        begun = time.monotonic()
        self.process = subprocess.Popen(
            self.command(), stdout=log, stderr=log, cwd=self.home, start_new_session=True, env=self.environment()
        )
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=5) as answer:
                    if answer.status == 200:
                        return time.monotonic() - begun
            except OSError:
                if self.process.poll() is not None:
                    sys.exit(f"{self.name} did not start: {(self.home / 'log').read_text()[-2000:]}")
            time.sleep(0.02)

    def environment(self):
        return {k: v for k, v in os.environ.items() if not k.startswith(("MLFLOW_", "MILLRACE_"))}

    def stop(self):
        if self.process is None:
            return
        os.killpg(self.process.pid, signal.SIGTERM)  # the group that this process leads, nothing else
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)  # what MLflow's server leaves behind
        except ProcessLookupError:
            pass
        self.process.wait()
        self.process = None

    def processes(self):
        """Ids of all processes of the server: those of its session."""
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and os.getsid(int(entry.name)) == self.process.pid:
                    found.append(int(entry.name))
            except OSError:
                continue
        return found

    def memory_mib(self):
        """Proportional set size, so that what processes share counts once."""
        total = 0
        for pid in self.processes():
            try:
                text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
            except OSError:
                continue
            total += int(re.search(r"^Pss: +(\d+) kB", text, re.M).group(1))
        return total / 1024


class Ours(Server):
    database = "registry/registry.db"

    def __init__(self, jar, home):
        super().__init__("millrace", home)
        self.jar = jar

    def command(self):
        # The options of scripts/registry.
        return [os.environ.get("JAVA", "java"), "-Xmx512m", "-XX:+UseSerialGC", "-Dfile.encoding=UTF-8", "-Duser.timezone=UTC",
                "-jar", self.jar, "--home", str(self.home), "--port", str(self.port)]  # fmt: skip

    def fill(self, runs):
        fill(self.home / self.database, runs)


def insert_runs(db, runs):
    """Bare runs of experiment 1, into a database that a crash may spoil."""
    db.execute("PRAGMA synchronous = OFF")
    db.execute("PRAGMA cache_size = -400000")
    db.execute("INSERT INTO experiments VALUES (1, 'filled', 'mlflow-artifacts:/1', 'active', 1, 1)")
    db.executemany(
        "INSERT INTO runs (id, run_uuid, experiment_id, name, user_id, status, start_time, end_time, lifecycle,"
        " artifact_uri) VALUES (?, ?, 1, ?, 'ada', 'FINISHED', ?, ?, 'active', ?)",
        ((i, u, f"run-{i}", t, t + 9, f"mlflow-artifacts:/1/{u}/artifacts") for i, u, t in uuids(runs)),
    )


def fill(database, runs):
    """Runs of experiment 1, `filled`, into the database of a server that is stopped."""
    with sqlite3.connect(database) as db:
        insert_runs(db, runs)
        db.executemany("INSERT INTO metrics VALUES (?, ?, 0, ?, ?, 0)", metrics(runs))
        db.execute("INSERT INTO latest_metrics SELECT run_id, key, step, ts, value, is_nan FROM metrics")
        db.executemany("INSERT INTO run_params VALUES (?, ?, ?)", params(runs))
        db.executemany("INSERT INTO run_tags VALUES (?, ?, ?)", tags(runs))
        db.execute("ANALYZE")


class Mlflow(Server):
    database = "mlflow.db"

    def __init__(self, python, home, workers):
        super().__init__(f"mlflow, {'default' if workers is None else workers} workers", home)
        self.python, self.workers = python, workers

    def command(self):
        more = [] if self.workers is None else ["--workers", str(self.workers)]
        return [self.python, "-m", "mlflow", "server", "--backend-store-uri", f"sqlite:///{self.home}/{self.database}",
                "--artifacts-destination", str(self.home / "artifacts"), "--host", "127.0.0.1", "--port", str(self.port), *more]  # fmt: skip

    def fill(self, runs):
        ids = {i: u for i, u, _ in uuids(runs)}
        with sqlite3.connect(self.home / self.database) as db:
            db.execute("PRAGMA synchronous = OFF")
            db.execute(
                "INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time,"
                " last_update_time) VALUES (1, 'filled', 'mlflow-artifacts:/1', 'active', 1, 1)"
            )
            db.executemany(
                "INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time,"
                " end_time, source_version, lifecycle_stage, artifact_uri, experiment_id)"
                " VALUES (?, ?, 'UNKNOWN', '', '', 'ada', 'FINISHED', ?, ?, '', 'active', ?, 1)",
                ((u, f"run-{i}", t, t + 9, f"mlflow-artifacts:/1/{u}/artifacts") for i, u, t in uuids(runs)),
            )
            columns = "(run_uuid, key, step, timestamp, value, is_nan) VALUES (?, ?, 0, ?, ?, 0)"
            for table in ("metrics", "latest_metrics"):
                db.executemany(f"INSERT INTO {table} {columns}", ((ids[i], *rest) for i, *rest in metrics(runs)))
            for table, rows in (("params", params(runs)), ("tags", tags(runs))):
                db.executemany(f"INSERT INTO {table} (run_uuid, key, value) VALUES (?, ?, ?)", ((ids[i], k, v) for i, k, v in rows))
            db.execute("ANALYZE")


POINT_RUNS, POINT_KEYS = 10_000, 10


def fill_points(database, points):
    """So many points: 10,000 runs with 10 metrics, and one more run with one metric that has a hundredth of all points."""
    steps = points // (POINT_RUNS * POINT_KEYS)
    with sqlite3.connect(database) as db:
        insert_runs(db, POINT_RUNS + 1)
        db.execute("CREATE TEMP TABLE steps (step INTEGER PRIMARY KEY)")
        db.executemany("INSERT INTO steps VALUES (?)", ((i,) for i in range(max(steps, points // 100))))
        db.execute("CREATE TEMP TABLE names (key TEXT PRIMARY KEY)")
        db.executemany("INSERT INTO names VALUES (?)", ((f"m{i}",) for i in range(POINT_KEYS)))
        point = "k.key, s.step, r.start_time + s.step * 1000, (r.id * 7919 + s.step * 104729) % 1000003 / 1000003.0, 0"
        every = f"SELECT r.id, {point} FROM runs r CROSS JOIN names k CROSS JOIN steps s WHERE r.id <= {POINT_RUNS}"
        long = f"SELECT r.id, {point} FROM runs r CROSS JOIN names k CROSS JOIN steps s WHERE r.id > {POINT_RUNS} AND k.key = 'm0'"
        db.execute(f"INSERT INTO metrics {every} AND s.step < {steps}")
        db.execute(f"INSERT INTO metrics {long} AND s.step < {points // 100}")
        db.execute(f"INSERT INTO latest_metrics {every} AND s.step = {steps - 1}")
        db.execute(f"INSERT INTO latest_metrics {long} AND s.step = {points // 100 - 1}")
        db.execute("ANALYZE latest_metrics")
        db.execute("ANALYZE runs")


def uuids(runs):
    source = random.Random(SEED)
    for i in range(1, runs + 1):
        yield i, f"{source.getrandbits(128):032x}", 1_700_000_000_000 + i * 1000


def metrics(runs):
    source = random.Random(SEED + 1)
    for i in range(1, runs + 1):
        for key in sorted(METRICS):
            yield i, key, 1_700_000_000_000 + i * 1000, source.random()


def params(runs):
    source = random.Random(SEED + 2)
    for i in range(1, runs + 1):
        for key in sorted(PARAMS):
            yield i, key, str(source.randrange(10))


def tags(runs):
    for i in range(1, runs + 1):
        yield i, "mlflow.runName", f"run-{i}"
        yield i, "mlflow.user", "ada"


class Load:
    def __init__(self, classes):
        self.classes = classes

    def run(self, *arguments):
        done = subprocess.run(
            [os.environ.get("JAVA", "java"), "-Xmx256m", "-XX:+UseSerialGC", "-cp", self.classes, "RegistryLoad", *map(str, arguments)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            sys.exit(f"the load failed: {done.stderr[-2000:]}")
        requests, seconds, p50, p99, greatest = map(float, done.stdout.split())
        return {"requests": int(requests), "per_s": round(requests / seconds, 1), "p50_ms": p50, "p99_ms": p99, "max_ms": greatest}


def measure(server, load, runs, seconds):
    found = {"fresh_start_s": round(server.start(), 2)}
    server.stop()
    server.fill(runs)
    starts = []
    for _ in range(3):
        starts.append(server.start())
        idle = server.memory_mib()
        if len(starts) < 3:
            server.stop()
    found["start_s"] = round(statistics.median(starts), 2)
    found["idle_mib"] = round(idle)
    url = f"http://127.0.0.1:{server.port}"
    for name, body in SEARCHES.items():
        found[name] = load.run("ask", url, seconds, 200, "runs/search", json.dumps(body))
    found["log_batch"] = load.run("log-batch", url, CLIENTS, seconds)
    found["loaded_mib"] = round(server.memory_mib())
    found["processes"] = len(server.processes())
    server.stop()
    return found


def million(jar, load, work, runs, seconds):
    server = Ours(jar, work / "million")
    server.start()
    server.stop()
    server.fill(runs)
    try:
        server.start()
        url = f"http://127.0.0.1:{server.port}"
        return {name: load.run("ask", url, seconds, 500, "runs/search", json.dumps(body)) for name, body in SEARCHES.items()}
    finally:
        server.stop()


def of_points(jar, load, work, points, seconds):
    server = Ours(jar, work / "points")
    server.start()
    server.stop()
    fill_points(server.home / server.database, points)
    ids = [u for _, u, _ in uuids(POINT_RUNS + 1)]
    ten = "&".join(f"run_ids={u}" for u in ids[:10])
    found = {"database_mib": round((server.home / server.database).stat().st_size / 2**20)}
    try:
        server.start()
        url = f"http://127.0.0.1:{server.port}"
        asked = {
            "a run, latest values": (f"runs/get?run_id={ids[5000]}",),
            "history of one metric": (f"metrics/get-history?run_id={ids[5000]}&metric_key=m5",),
            "chart of one metric of ten runs": (f"metrics/get-history-bulk-interval?{ten}&metric_key=m5&max_results=320",),
            "chart of the long metric": (f"metrics/get-history-bulk-interval?run_ids={ids[-1]}&metric_key=m0&max_results=320",),
            "first page, metric filter, by metric": (
                "runs/search",
                json.dumps({**FIRST, "filter": "metrics.m3 > 0.5", "order_by": ["metrics.m5 DESC"]}),
            ),
        }
        for name, request in asked.items():
            found[name] = load.run("ask", url, seconds, 500, *request)
        found["log-batch, 32 clients"] = load.run("log-batch", url, CLIENTS, seconds)
        found["loaded_mib"] = round(server.memory_mib())
        return found
    finally:
        server.stop()


def show(results, ours):
    rows = [("start, database filled, s", lambda r: r["start_s"]), ("memory idle, MiB", lambda r: r["idle_mib"]),
            ("memory after load, MiB", lambda r: r["loaded_mib"])]  # fmt: skip
    rows += [(f"search p50 ms: {name}", lambda r, n=name: r[n]["p50_ms"]) for name in SEARCHES]
    rows += [("log-batch per s, 32 clients", lambda r: r["log_batch"]["per_s"])]
    names = list(results)
    print(f"{'':<40}" + "".join(f"{name:>26}" for name in names))
    ratios = {}
    for label, value in rows:
        base = value(results[ours])
        cells = []
        for name in names:
            found = value(results[name])
            if name == ours or not found:  # nothing was answered in the time that counts: no ratio
                cells.append(f"{found or 'none answered':>14} {'':>11}")
                continue
            ratio = base / found if "per s" in label else found / base
            ratios.setdefault(name, {})[label] = round(ratio, 2)
            cells.append(f"{found:>14} {f'({ratio:.1f} x)':>11}")
        print(f"{label:<40}" + "".join(cells))
    return ratios


def main():
    options = argparse.ArgumentParser()
    for name in ("jar", "classes", "work", "python"):
        options.add_argument(f"--{name}", required=True)
    options.add_argument("--rows", type=int, default=20_000)
    options.add_argument("--seconds", type=int, default=15)
    options.add_argument("--million", type=int, default=0)
    options.add_argument("--points", type=int, default=0)
    options.add_argument("--drift", type=int, default=0)
    given = options.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers are stopped, too
    work = pathlib.Path(given.work)
    shutil.rmtree(work, ignore_errors=True)
    load = Load(given.classes)
    result = {"benchmark": "registry", "cores": os.cpu_count(), "runs": given.rows}
    if given.million or given.points or given.drift:
        if given.drift:
            result["runs"] = 0
            server = Ours(given.jar, work / "drift")
            result["millrace"] = registry_drift.measure(server, load, given.classes, given.drift, given.seconds)
        elif given.million:
            result["runs"] = given.million
            result["millrace"] = million(given.jar, load, work, given.million, given.seconds)
        else:
            result["runs"], result["points"] = POINT_RUNS, given.points
            result["millrace"] = of_points(given.jar, load, work, given.points, given.seconds)
        for name, found in result["millrace"].items():
            if isinstance(found, int):
                print(f"{name:<40} {found}")
            else:
                print(f"{name:<40} p50 {found['p50_ms']:>9.2f} ms   p99 {found['p99_ms']:>9.2f} ms   {found['per_s']:>9.1f} per s")
    else:
        servers = [
            Ours(given.jar, work / "ours"),
            Mlflow(given.python, work / "mlflow-1", 1),
            Mlflow(given.python, work / "mlflow", None),
        ]
        results = {}
        for server in servers:
            print(f"measuring {server.name}, load {os.getloadavg()[0]:.1f}", file=sys.stderr)
            try:
                results[server.name] = measure(server, load, given.rows, given.seconds)
            finally:
                server.stop()
            print(json.dumps({server.name: results[server.name]}), file=sys.stderr)
        result["servers"] = results
        result["ratios"] = show(results, servers[0].name)
    result["load"] = os.getloadavg()[0]
    print(json.dumps(result))
    shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
