"""Walks every page of a registry server in Chromium and fails on what a reader would notice.

    python walk.py URL SHOTS [--story] [--axe] [--browser /usr/bin/chromium]

SHOTS is the folder for screenshots. With --story the server is first filled over its REST API (on a server that was
empty, the empty pages are looked at before); without it the pages are walked with what the server has, and nothing is
written. With --axe each kind of page is also checked by axe-core (needs axe-playwright-python): no serious or critical
finding. Ends with exit code 1 when anything was wrong, and lists it all.
"""

import argparse
import pathlib
import re
import sys
import time
from urllib.parse import quote

from playwright.sync_api import expect, sync_playwright

from story import HOSTILE, Server, make_run, metric, tell

FLAGS = ("--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
         "--disable-component-update --disable-sync").split()
WAIT = 15_000  # milliseconds, for a page on a busy machine
# What Chromium logs when a report in its frame tries to run a script: as it should be.
SANDBOXED = re.compile("Blocked script execution|Executing inline (script|event handler) violates")


class Walk:
    """One browser window: opens places, waits until they are whole, keeps what is wrong with them."""

    def __init__(self, page, base, shots, label, axe=None):
        self.page, self.base, self.shots, self.label = page, base.rstrip("/"), shots, label
        self.place, self.wrong, self.expected_refusal = "start", [], False
        self.axe, self.checked = axe, set()
        page.on("console", self.heard)
        page.on("pageerror", lambda error: self.complain(f"script error: {error}"))
        page.on("dialog", lambda dialog: (self.complain(f"a dialog opened: {dialog.message}"), dialog.dismiss()))

    def heard(self, message):
        refused = self.expected_refusal and "Failed to load resource" in message.text
        sandboxed = "/get-artifact" in message.text and SANDBOXED.search(message.text)
        if message.type in ("error", "warning") and not refused and not sandboxed:
            self.complain(f"console {message.type}: {message.text}")

    def complain(self, what):
        self.wrong.append(f"[{self.label}] {self.place}: {what}")

    def check(self, good, what):
        if not good:
            self.complain(what)

    def open(self, place, name=None, refusal=False):
        """`refusal`: the server is expected to say no, which the browser logs."""
        self.place, self.expected_refusal = place, refusal
        self.page.goto(f"{self.base}/{place}")
        self.settle()
        if name:
            self.look(name, refusal)

    def settle(self):
        expect(self.page.locator("main")).to_have_attribute("data-place", self.page.evaluate("location.hash"), timeout=WAIT)
        self.page.wait_for_selector("[aria-busy]", state="detached", timeout=WAIT)
        for frame in self.page.frames:
            frame.wait_for_load_state(timeout=WAIT)
        for chart in self.page.query_selector_all(".chart"):
            chart.wait_for_selector("canvas", timeout=WAIT)

    def look(self, name, refusal=False):
        """What must hold on every page."""
        page = self.page
        self.check(page.locator("main h1").count() == 1, "not exactly one h1")
        self.check(page.title().strip() not in ("", "Error · Millrace") or refusal, f"title is `{page.title()}`")
        levels = [int(tag[1]) for tag in page.evaluate("[...document.querySelectorAll('main :is(h1,h2,h3,h4,h5,h6)')].map(e => e.tagName)")]
        self.check(all(b - a <= 1 for a, b in zip(levels, levels[1:])), f"headings skip a level: {levels}")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        self.check(wide <= 0, f"the page is {wide} pixels too wide")
        nameless = page.evaluate("""[...document.querySelectorAll('a[href], button, input, select, textarea')].filter(e =>
            !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length)).map(e => e.outerHTML.slice(0, 80))""")
        self.check(not nameless, f"controls without a name: {nameless}")
        empty = page.evaluate("[...document.querySelectorAll('main table')].filter(t => t.tBodies[0].rows.length === 0).map(t => t.caption?.textContent)")
        self.check(not empty, f"tables without rows: {empty}")
        if not refusal:
            failed = page.locator(".state.failed:not(.told)").all_text_contents()
            self.check(not failed, f"failed: {failed}")
        self.accessible(re.split(r"[-0-9]", name)[0])
        page.screenshot(path=self.shots / f"{name}-{self.label}.png", full_page=True)

    def accessible(self, kind):
        """Once for each kind of page: what axe-core finds serious."""
        if not self.axe or kind in self.checked:
            return
        self.checked.add(kind)
        for found in self.axe.run(self.page).response["violations"]:
            if found["impact"] in ("serious", "critical"):
                where = [node["target"][0] for node in found["nodes"][:3]]
                self.complain(f"axe {found['impact']}: {found['id']}, {found['help']}, at {where}")

    def rows(self, selector):
        return self.page.locator(f"{selector} tbody tr").count()


def everything(server, search, field, body):
    """All of a paged POST search."""
    found, token = [], None
    while True:
        answer = server.post(search, {**body, **({"page_token": token} if token else {})})
        found += answer.get(field, [])
        token = answer.get("next_page_token")
        if not token:
            return found


def walk_places(walk, server):
    """Every page once, by what the server says it has."""
    walk.open("#/", "home")
    walk.open("#/experiments", "experiments")
    experiments = everything(server, "/experiments/search", "experiments", {"max_results": 1000})
    walk.check(walk.rows("main") == len(experiments), f"{walk.rows('main')} rows for {len(experiments)} experiments")
    for experiment in experiments[:5]:
        walk_experiment(walk, server, experiment["experiment_id"])
    walk.open("#/models", "models")
    models = server.get("/registered-models/search", max_results=100).get("registered_models", [])
    walk.check(not models or walk.rows("main") == len(models), f"{walk.rows('main')} rows for {len(models)} models")
    for model in models[:5]:
        walk_model(walk, server, model["name"])
    walk.open("#/drift", "drift-list")
    for entry in server.call("GET", "/api/v1/drift").get("models", [])[:5]:
        walk_drift(walk, server, entry["model"])
    walk_lake(walk)
    walk.open("#/settings", "settings")
    walk.open("#/nowhere", "not-found", refusal=True)
    walk.open("#/experiments/1/runs/" + "0" * 32, "no-such-run", refusal=True)
    walk.check(walk.page.locator(".state.failed").count() == 1, "a missing run is not said to be missing")


def walk_experiment(walk, server, experiment):
    place = f"#/experiments/{experiment}"
    runs = server.post("/runs/search", {"experiment_ids": [experiment], "max_results": 100}).get("runs", [])
    walk.open(place, f"experiment-{experiment}")
    if not runs:
        walk.check(walk.page.locator(".state.empty").count() > 0, "no runs, and nothing says so")
        return
    walk.check(walk.rows("#runs") > 0, "no rows although there are runs")
    seen = set()
    for run in runs:
        tags = {tag["key"]: tag["value"] for tag in run["data"].get("tags", [])}
        kind = (tags.get("millrace.job"), run["info"]["status"])
        if kind not in seen:
            seen.add(kind)
            walk_run(walk, server, run, f"run-{experiment}-{len(seen)}")
    walk.open(f"{place}?search={quote('nonsense OR nonsense')}", f"experiment-{experiment}-refused", refusal=True)
    walk.check("nonsense" in walk.page.input_value("#run-search"), "the refused search is not kept in its box")
    walk.open(f"{place}?group=a%3Astatus", f"groups-{experiment}")
    statuses = {run["info"]["status"] for run in runs}
    walk.check(walk.rows("#groups") >= len(statuses), f"{walk.rows('#groups')} groups for {len(statuses)} statuses")
    walk.open(f"{place}?deleted=1", f"deleted-{experiment}")
    ids = ",".join(run["info"]["run_id"] for run in runs[:4])
    walk.open(f"{place}/compare?runs={ids}", f"compare-{experiment}")


def walk_run(walk, server, run, name):
    info = run["info"]
    place = f"#/experiments/{info['experiment_id']}/runs/{info['run_id']}"
    walk.open(place, name)
    for metric_ in run["data"].get("metrics", [])[:1]:
        walk.check(walk.page.locator("section[aria-label=Metrics] tbody tr").count() > 0, f"metric {metric_['key']} is not shown")
    inputs = run.get("inputs", {}).get("dataset_inputs", [])
    walk.check(not inputs or walk.rows("section[aria-label=Datasets]") == len(inputs), "datasets are missing")
    folders = [""]
    kinds = set()
    while folders:
        for file in server.get("/artifacts/list", run_id=info["run_id"], path=folders.pop(0)).get("files", []):
            kind = file["path"].rsplit(".", 1)[-1]
            if file.get("is_dir"):
                folders.append(file["path"])
            elif kind not in kinds:
                kinds.add(kind)
                walk.open(f"{place}?artifact={quote(file['path'], safe='')}", f"{name}-{kind.replace('/', '-')}")
                walk.check(walk.page.locator(".preview-pane h3").first.inner_text() == file["path"], f"no preview of {file['path']}")


def walk_model(walk, server, model):
    versions = server.get("/model-versions/search", filter=f"name = '{model}'").get("model_versions", [])
    walk.open(f"#/models/{quote(model, safe='')}", f"model-{model}")
    shown = walk.rows("section[aria-label=Versions]")
    walk.check(not versions or shown == len(versions), f"{shown} rows for {len(versions)} versions")
    for version in versions[:3]:
        walk.open(f"#/models/{quote(model, safe='')}/versions/{version['version']}", f"version-{model}-{version['version']}")


def walk_lake(walk):
    """Tables, features and lineage, or what they say without a lake."""
    walk.open("#/tables", "tables")
    names = walk.page.locator("#tables tbody th a").all_text_contents()
    walk.open("#/features", "features")
    walk.open("#/lineage", "lineage-start")
    walk.open("#/lineage?ref=nonsense", "lineage-refused", refusal=True)
    walk.check(walk.page.locator(".state.failed").count() == 1, "a refused lineage is not said to be")
    if not names:
        return
    for name in names:
        walk.open(f"#/tables/{name}", f"table-{name}")
        walk.check(walk.rows("#history") > 0, f"no history of {name}")
        walk.check(walk.rows("#rows") > 0 or walk.page.locator("section[aria-label=Rows] .state.empty").count() == 1, f"no rows of {name}")
    walk.open(f"#/lineage?ref={names[-1]}", "lineage-of-table")
    walk.check(walk.rows("#lineage-list") > 1, f"nothing around {names[-1]}")
    walk.open(f"#/tables/{names[0]}?version=999999", "table-no-version", refusal=True)
    walk.open("#/tables/no.such", "table-missing", refusal=True)


def walk_drift(walk, server, model):
    rows = server.call("GET", f"/api/v1/drift/{quote(model, safe='')}").get("rows", [])
    walk.open(f"#/drift/{quote(model, safe='')}", f"drift-{model}")
    walk.check(not rows or (walk.rows("#heat") > 0 and walk.rows("#drift-rows") > 0), "drift rows are not shown")
    if rows:
        column = walk.page.locator("#heat tbody th a").last
        column.click()
        walk.settle()
        walk.check("column=" in walk.page.url, "the chosen column is not in the address")


def use(walk, server, told):
    """What people do: keyboard, theme, search, children, selection, columns, a report, a run that goes on."""
    page, place = walk.page, f"#/experiments/{told['experiment']}"
    walk.open(place)
    page.reload()  # a page reached by a link has the focus in its content already
    walk.settle()
    page.keyboard.press("Tab")
    walk.check(page.evaluate("document.activeElement.id") == "skip", "Tab does not begin at the skip link")
    page.keyboard.press("Enter")
    walk.check(page.evaluate("document.activeElement.id") == "main", "the skip link does not lead to main")

    ground = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(ground)
    page.click("#theme-switch")
    if page.evaluate(ground) == before:
        page.click("#theme-switch")
    walk.check(page.evaluate(ground) != before, "the theme switch changes nothing")

    page.keyboard.press("?")
    expect(page.locator("dialog[aria-label=Keys]")).to_contain_text("Tick the run")
    walk.accessible("keys")
    page.keyboard.press("Escape")

    walk.check(page.get_by_text(HOSTILE, exact=False).count() > 0, "a name with markup is not shown as it is")
    expect(page.locator("#runs tr.child").first).to_be_visible()  # so few stand open
    opened = walk.rows("#runs")
    page.locator("button.fold").first.click()
    expect(page.locator("#runs tr.child")).to_have_count(0)
    walk.check(walk.rows("#runs") == opened - 4, "the children do not go with their parent")
    page.locator("button.fold").first.click()
    expect(page.locator("#runs tr.child")).to_have_count(4)

    page.fill("#run-search", "tags.`millrace.job` = 'train'")
    page.keyboard.press("Enter")
    expect(page.locator("#runs tbody tr")).to_have_count(3, timeout=WAIT)
    page.click("#columns")
    page.locator("dialog label.choice", has_text="train_loss").locator("input").check()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#runs thead")).to_contain_text("train_loss", timeout=WAIT)
    page.locator("#runs thead a", has_text="test_auc").click()
    expect(page.locator("#runs th[aria-sort=descending]")).to_contain_text("test_auc", timeout=WAIT)
    for box in page.locator("#runs tbody input[type=checkbox]").all()[:2]:
        box.check()
    page.click("#compare")
    expect(page.locator("h1")).to_have_text("Compare 2 runs", timeout=WAIT)
    walk.settle()
    use_report(walk, told)
    use_live_run(walk, server, told)


def use_report(walk, told):
    run = told["runs"][0]["info"]
    walk.open(f"#/experiments/{run['experiment_id']}/runs/{run['run_id']}?artifact=report.html")
    frame = walk.page.frame_locator("iframe.report")
    expect(frame.locator("h1")).to_have_css("color", "rgb(11, 98, 128)", timeout=WAIT)
    walk.check("ran its script" not in walk.page.title(), "a script in a report was run")


def use_live_run(walk, server, told):
    now = int(time.time() * 1000)
    run = server.post("/runs/create", {"experiment_id": told["experiment"], "start_time": now, "run_name": "going on"})["run"]
    run_id = run["info"]["run_id"]
    walk.open(f"#/experiments/{told['experiment']}/runs/{run_id}")
    server.post("/runs/log-batch", {"run_id": run_id, "metrics": [metric("loss", 0.5, now), metric("loss", 0.123456, now + 1, 1)]})
    expect(walk.page.locator("section[aria-label=Metrics] tbody").first).to_contain_text("0.1235", timeout=WAIT)
    server.post("/runs/update", {"run_id": run_id, "status": "FINISHED", "end_time": now + 1000})
    expect(walk.page.locator("main .badge", has_text="finished")).to_be_visible(timeout=WAIT)
    walk.settle()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("shots", type=pathlib.Path)
    parser.add_argument("--story", action="store_true")
    parser.add_argument("--axe", action="store_true")
    parser.add_argument("--browser", default="/usr/bin/chromium")
    given = parser.parse_args()
    given.shots.mkdir(parents=True, exist_ok=True)
    server = Server(given.url)
    wrong = []
    axe = None
    if given.axe:
        from axe_playwright_python.sync_playwright import Axe
        axe = Axe()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=given.browser, args=FLAGS)

        def window(label, width, scheme):
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
            context.set_default_timeout(WAIT)
            return Walk(context.new_page(), given.url, given.shots, label, axe)

        wide = window("wide-light", 1280, "light")
        narrow = window("narrow-dark", 390, "dark")
        told = None
        if given.story:
            for walk in (wide, narrow):
                walk.open("#/", "home-before")
            told = tell(server)
        for walk in (wide, narrow):
            walk_places(walk, server)
        if told:
            wide.expected_refusal = False
            use(wide, server, told)
        wrong = wide.wrong + narrow.wrong
        browser.close()
    for line in wrong:
        print("WRONG", line)
    print(f"{'FAILED' if wrong else 'ok'}: {len(list(given.shots.glob('*.png')))} screenshots in {given.shots}, {len(wrong)} faults")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
