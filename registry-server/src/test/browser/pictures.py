"""Takes the pictures of docs/images from the registry that `scripts/quickstart` left running.

    python pictures.py URL docs/images [--browser /usr/bin/chromium]

A study of forty trials is written into the registry first, since the quickstart has no search of its own. Needs Pillow.
"""

import argparse
import math
import pathlib
import random
from urllib.parse import quote

from PIL import Image
from playwright.sync_api import sync_playwright

from story import Server, metric
from walk import FLAGS, WAIT, Walk, everything

WIDTH = 1200
SEED = 40


def study(server):
    """Forty trials of a search that never ran: rates and depths with curves that fit them. Gives the experiment and the runs' ids."""
    chance = random.Random(SEED)
    experiment = server.post("/experiments/create", {"name": "fraud-search"})["experiment_id"]
    runs = []
    for number in range(40):
        rate, depth = 10 ** chance.uniform(-2.4, -0.3), chance.randint(2, 10)
        worth = math.exp(-((math.log10(rate) + 1.3) ** 2) - ((depth - 6) / 5) ** 2)
        start = 1_764_000_000_000 + number * 60_000
        run = server.post("/runs/create", {
            "experiment_id": experiment, "start_time": start, "run_name": f"trial-{number + 1:02}", "user_id": "ada",
            "tags": [{"key": "millrace.job", "value": "train"}]})["run"]["info"]["run_id"]
        algorithm = chance.choice(["gbt", "random-forest", "logistic-regression"])
        metrics = [metric("test_auc", 0.78 + 0.12 * worth + chance.gauss(0, 0.006), start + 50_000)]
        for step in range(40):
            fall = 0.42 * math.exp(-step * (2 + 8 * worth) / 40)
            metrics.append(metric("train_loss", 0.08 + fall + abs(chance.gauss(0, 0.006)), start + step * 1_000, step))
            metrics.append(metric("validation_loss", 0.11 + fall + 0.05 * (1 - worth) + abs(chance.gauss(0, 0.012)), start + step * 1_000, step))
        server.post("/runs/log-batch", {
            "run_id": run, "metrics": metrics,
            "params": [{"key": k, "value": v} for k, v in
                       {"learning-rate": f"{rate:.4f}", "max-depth": str(depth), "algorithm": algorithm}.items()]})
        server.post("/runs/update", {"run_id": run, "status": "FINISHED", "end_time": start + 52_000})
        runs.append(run)
    return experiment, runs


class Camera:
    def __init__(self, walk, folder):
        self.walk, self.folder = walk, folder

    def take(self, name, place, height, first=None):
        """The page from `first` on, in 64 colours: a tenth of the bytes, and nobody sees the difference."""
        self.walk.open(place)
        page = self.walk.page
        page.set_viewport_size({"width": WIDTH, "height": height})
        if first:
            page.locator(first).first.evaluate("e => window.scrollTo(0, e.getBoundingClientRect().top + scrollY - 66)")
        page.mouse.move(0, 0)
        self.walk.settle()
        page.wait_for_timeout(1_500)  # charts move to their places
        file = self.folder / f"{name}.png"
        page.screenshot(path=file)
        Image.open(file).convert("RGB").quantize(64, dither=Image.Dither.NONE).save(file, optimize=True)


def take_all(camera, server, trials):
    experiment, runs = trials
    models = server.get("/registered-models/search", max_results=10)["registered_models"]
    model = quote(models[0]["name"], safe="")
    versions = server.get("/model-versions/search", filter=f"name = '{models[0]['name']}'")["model_versions"]
    newest = max(int(version["version"]) for version in versions)
    camera.take("home", "#/", 760)
    camera.take("experiment", f"#/experiments/{experiment}?search={quote('auc > 0.85 depth > 4')}", 620)
    camera.take("compare", f"#/experiments/{experiment}/compare?runs={','.join(runs)}", 1100, "section[aria-label='Parallel coordinates']")
    camera.take("run", f"#/experiments/{experiment}/runs/{runs[0]}", 900)
    camera.take("version", f"#/models/{model}/versions/{newest}", 900)
    camera.take("drift", f"#/drift/{model}", 860)
    camera.take("tables", "#/tables", 640)
    camera.take("table", "#/tables/features.customer_daily", 900)
    camera.take("features", "#/features", 700)
    camera.take("lineage", f"#/lineage?ref=model:{model}/{newest}", 760)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--browser", default="/usr/bin/chromium")
    given = parser.parse_args()
    server = Server(given.url)
    known = {e["name"]: e["experiment_id"] for e in everything(server, "/experiments/search", "experiments", {"max_results": 1000})}
    if "fraud-search" in known:
        runs = everything(server, "/runs/search", "runs", {"experiment_ids": [known["fraud-search"]], "order_by": ["attributes.start_time"]})
        trials = known["fraud-search"], [run["info"]["run_id"] for run in runs]
    else:
        trials = study(server)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=given.browser, args=FLAGS)
        context = browser.new_context(viewport={"width": WIDTH, "height": 900}, color_scheme="light")
        context.set_default_timeout(WAIT)
        walk = Walk(context.new_page(), given.url, given.folder, "pictures")
        take_all(Camera(walk, given.folder), server, trials)
        browser.close()
    for line in walk.wrong:
        print("WRONG", line)
    raise SystemExit(1 if walk.wrong else 0)


if __name__ == "__main__":
    main()
