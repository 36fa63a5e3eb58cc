"""The pictures of docs/images. They are taken with every run, so that they can be; MILLRACE_IMAGES=DIR keeps them:

MILLRACE_IMAGES=docs/images python -m pytest scripts/acceptance/test_q_images.py
"""

import io
import math
import os
import pathlib
import random
import sys
import time

import pytest
from conftest import ROOT, free_port, home_in, script
from pages import PATIENCE, browser, settle  # noqa: F401: a fixture
from PIL import Image

sys.path.insert(0, str(ROOT / "registry-server/src/test/browser"))
from story import Server, metric  # noqa: E402

SEED = 20261128
TRIALS, STEPS = 40, 120
COLOURS = 160  # more than the eye tells apart in these, and less than half of the bytes
MOST_BYTES = 600_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    kept = os.environ.get("MILLRACE_IMAGES")
    return pathlib.Path(kept) if kept else tmp_path_factory.mktemp("images")


@pytest.fixture(scope="module")
def trials(tmp_path_factory):
    """A registry with an experiment of trials: its address, the experiment's id, the ids of its runs."""
    for home in home_in(tmp_path_factory.mktemp("trials")):
        script("registry", "start", "--home", home, "--port", (port := free_port()))
        server = Server(f"http://127.0.0.1:{port}")
        experiment = server.post("/experiments/create", {"name": "card-fraud"})["experiment_id"]
        draw = random.Random(SEED)
        yield server.base, experiment, [trial(server, experiment, number, draw) for number in range(TRIALS)]


def trial(server, experiment, number, draw):
    algorithm, depth = draw.choice(["forest", "gbt", "logistic"]), draw.randint(2, 10)
    rate = 10 ** draw.uniform(-2.4, -0.3)
    miss = abs(math.log10(rate) + 1.3) * 0.03 + abs(depth - 6) * 0.006 + {"gbt": 0, "forest": 0.01, "logistic": 0.03}[algorithm]
    quality = 0.9 - miss + draw.gauss(0, 0.005)
    start = int(time.time() * 1000) - (TRIALS - number) * 60_000
    run = server.post("/runs/create", {
        "experiment_id": experiment, "start_time": start, "run_name": f"trial {number + 1}", "user_id": "ada",
        "tags": [{"key": "millrace.job", "value": "train"}, {"key": "millrace.outcome", "value": "done"}]})["run"]["info"]["run_id"]  # fmt: skip
    metrics = [metric("rows_in", 48_211, start), metric("rows_out", 48_211, start)]
    for key, value in (("test_auc", quality), ("test_average_precision", quality - 0.22)):
        metrics += [metric(key, value, start), metric(key + "_low", value - 0.012, start), metric(key + "_high", value + 0.012, start)]
    for step in range(STEPS):
        fall = 0.7 * math.exp(-step / 15)
        metrics.append(metric("train_loss", 0.1 + miss + fall + draw.gauss(0, 0.012), start + step * 400, step))
        metrics.append(metric("validation_loss", 0.14 + 2 * miss + fall + draw.gauss(0, 0.025), start + step * 400, step))
    params = {"algorithm": algorithm, "learning-rate": f"{rate:.4f}", "max-depth": str(depth), "seed": "42"}
    server.post("/runs/log-batch", {
        "run_id": run, "metrics": metrics, "params": [{"key": key, "value": value} for key, value in params.items()]})  # fmt: skip
    server.post("/runs/update", {"run_id": run, "status": "FINISHED", "end_time": start + STEPS * 400 + draw.randint(0, 9000)})
    return run


@pytest.fixture
def take(browser, folder):  # noqa: F811
    """`take(name, address, (width, height), prepare)`: a picture of the window as it stands after `prepare(page)`."""

    def taken(name, address, size, prepare=None):
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme="light")
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto(address)
        settle(page)
        for canvas in page.locator(".chart").all():
            canvas.locator("canvas").first.wait_for()
        if prepare:
            prepare(page)
        image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        context.close()
        folder.mkdir(parents=True, exist_ok=True)
        image.quantize(COLOURS, dither=Image.Dither.NONE).save(folder / f"{name}.png", optimize=True)
        assert image.size == size
        assert len(image.getcolors(image.width * image.height)) > COLOURS, "an empty page"

    return taken


def test_pictures_of_trials(trials, take):
    base, experiment, runs = trials

    def tick_three(page):
        page.locator("#run-count", has_text="runs").wait_for()
        for box in page.locator("#runs tbody input[type=checkbox]").all()[:3]:
            box.check()

    def to_the_pictures(page):
        page.locator("section[aria-label='Parallel coordinates']").evaluate("e => scrollTo(0, e.offsetTop - 60)")

    columns = "p%3Aalgorithm,p%3Amax-depth,p%3Alearning-rate,m%3Atest_auc,m%3Atrain_loss"
    take("experiment", f"{base}/#/experiments/{experiment}?search=test_auc+%3E+0.84&sort=metrics.test_auc+DESC&columns={columns}",
         (1200, 760), tick_three)  # fmt: skip
    take("run", f"{base}/#/experiments/{experiment}/runs/{runs[3]}?together=train_loss%2Cvalidation_loss&smooth=0.8", (1200, 1000))
    axes = "axes=p%3Aalgorithm,p%3Alearning-rate,p%3Amax-depth,m%3Atrain_loss,m%3Avalidation_loss,m%3Atest_auc"
    take("compare", f"{base}/#/experiments/{experiment}/compare?runs={','.join(runs)}&by=m%3Atest_auc&sx=p%3Alearning-rate&sxlog=1&{axes}", (1200, 1130), to_the_pictures)


def test_pictures_of_the_quickstart(quickstart, take, folder):
    for name, place, size in [
        ("home", "#/", (1200, 900)),
        ("version", "#/models/fraud/versions/1", (1200, 1080)),
        ("drift", "#/drift/fraud", (1280, 860)),
        ("tables", "#/tables", (1200, 620)),
        ("features", "#/features", (1200, 760)),
        ("lineage", "#/lineage?ref=model%3Afraud%2F1&direction=up", (1200, 760)),
    ]:
        take(name, f"{quickstart.url}/{place}", size)

    assert sum(file.stat().st_size for file in folder.glob("*.png")) < MOST_BYTES
