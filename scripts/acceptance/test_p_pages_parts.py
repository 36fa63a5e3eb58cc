"""Parts of the pages that one run, one version and one administrator need: curves, history, webhooks."""

import base64
import hashlib
import hmac
import http.server
import json
import re
import threading
import time

import mlflow
import pytest
from conftest import free_port, home_in, script
from mlflow.entities import Metric
from pages import PATIENCE, browser, page, settle  # noqa: F401: fixtures
from playwright.sync_api import expect

SERIES = """(title) => {
  const figure = [...document.querySelectorAll('figure')].find((one) => one.querySelector('figcaption').textContent.startsWith(title));
  const option = echarts.getInstanceByDom(figure.querySelector('.chart')).getOption();
  return { scale: option.yAxis[0].type, along: option.xAxis[0].name, series: option.series.map(({ name, data }) => ({ name, data })) };
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    for home in home_in(tmp_path_factory.mktemp("parts")):
        port = free_port()
        script("registry", "start", "--home", home, "--port", port, "--webhook-host", "127.0.0.1")
        yield f"http://127.0.0.1:{port}"


def run_with_curves(server):
    client = mlflow.MlflowClient(server, registry_uri=server)
    run = client.create_run(client.create_experiment(f"curves {time.time_ns()}")).info
    begun = run.start_time
    for step, (loss, gain) in enumerate([(4.0, -1.0), (2.0, 0.5), (1.0, 0.75)]):
        client.log_metric(run.run_id, "loss", loss, timestamp=begun + step * 2000, step=step * 10)
        client.log_metric(run.run_id, "gain", gain, timestamp=begun + step * 2000, step=step * 10)
    return client, run


def shown(page, title, ready):
    """What the picture holds, once `ready` says that it is the one waited for."""
    end = time.monotonic() + PATIENCE / 1000
    while True:
        found = page.evaluate(SERIES, title)
        if ready(found) or time.monotonic() > end:
            return found
        time.sleep(0.05)


def test_curves_are_drawn_as_the_address_says_and_go_on_growing(server, page):
    client, run = run_with_curves(server)
    page.goto(f"{server}/#/experiments/{run.experiment_id}/runs/{run.run_id}")
    page.locator("figure canvas").nth(1).wait_for()

    plain = shown(page, "loss", lambda found: True)
    assert (plain["scale"], plain["along"]) == ("value", "step")
    assert plain["series"] == [{"name": "loss", "data": [[0, 4], [10, 2], [20, 1]]}]

    page.fill("#smooth", "0.5")
    page.select_option("#curve-x", "relative")
    page.check("#log")
    drawn = shown(page, "loss", lambda found: found["scale"] == "log" and len(found["series"]) == 2)
    assert "smooth=0.5" in page.url and "x=relative" in page.url and "log=1" in page.url
    assert drawn["along"] == "seconds since the start"
    raw, smooth = (one["data"] for one in drawn["series"])
    assert raw == [[0, 4], [2, 2], [4, 1]]
    assert [y for _, y in smooth] == pytest.approx([4, (0.25 * 4 + 0.5 * 2) / 0.75, (0.125 * 4 + 0.25 * 2 + 0.5) / 0.875])
    gain = shown(page, "gain", lambda found: found["scale"] == "log")
    assert [y for _, y in gain["series"][0]["data"]] == [0.5, 0.75]
    expect(page.locator("figcaption", has_text="gain")).to_contain_text("1 of the points are not above 0")

    client.log_metric(run.run_id, "loss", 0.5, timestamp=run.start_time + 6000, step=30)
    grown = shown(page, "loss", lambda found: len(found["series"][0]["data"]) == 4)
    assert grown["series"][0]["data"][-1] == [6, 0.5] and len(grown["series"]) == 2

    page.reload()
    page.locator("figure canvas").nth(1).wait_for()
    again = shown(page, "loss", lambda found: found["scale"] == "log")
    assert again == grown
    page.click("#together")
    for box in page.locator("dialog input[type=checkbox]").all():
        box.check()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("figure figcaption")).to_have_count(1)
    page.locator("figure canvas").wait_for()
    assert {one["name"] for one in shown(page, "gain, loss", lambda found: True)["series"]} == {"gain", "loss"}
    page.locator("figure summary").click()
    expect(page.locator("figure tbody tr")).to_have_count(7)


def test_a_long_history_is_thinned_out_and_goes_on(server, page):
    client = mlflow.MlflowClient(server, registry_uri=server)
    run = client.create_run(client.create_experiment(f"long {time.time_ns()}")).info
    for begin in range(0, 6000, 1000):
        client.log_batch(run.run_id, [Metric("loss", 1 / (1 + step), run.start_time + step, step) for step in range(begin, begin + 1000)])
    asked = []
    page.on("request", lambda request: "get-history" in request.url and asked.append(request.url))

    page.goto(f"{server}/#/experiments/{run.experiment_id}/runs/{run.run_id}")
    page.locator("figure canvas").wait_for()
    points = shown(page, "loss", lambda found: True)["series"][0]["data"]
    assert len(points) == 2500 and points[0] == [0, 1] and points[-1] == [5999, 1 / 6000]
    expect(page.locator("figcaption")).to_contain_text("evenly spaced points, at most 2500")

    client.log_metric(run.run_id, "loss", 0.25, timestamp=run.start_time + 6000, step=6000)
    points = shown(page, "loss", lambda found: found["series"][0]["data"][-1][0] == 6000)["series"][0]["data"]
    assert len(points) == 2501 and points[-2:] == [[5999, 1 / 6000], [6000, 0.25]]
    assert len(asked) == 2 and "start_step=5999" in asked[1]  # only what is new was asked for


def test_a_version_tells_who_moved_its_alias(server, page):
    client, run = run_with_curves(server)
    model = f"model-{time.time_ns()}"
    client.create_registered_model(model)
    for _ in range(2):
        client.create_model_version(model, f"runs:/{run.run_id}/model", run.run_id)
    client.set_registered_model_alias(model, "champion", "1")
    client.set_registered_model_alias(model, "champion", "2")
    client.set_model_version_tag(model, "1", "checked", "yes")
    page.goto(f"{server}/#/models/{model}/versions/1")
    history = page.locator("section[aria-label=History]")

    expect(history.locator("tbody tr").first).to_contain_text("tag of version 1: checked = yes")
    said = [row.split("\t")[1] for row in history.locator("tbody tr").all_inner_texts()]
    assert said[:3] == ["tag of version 1: checked = yes", "@champion → version 2", "@champion → version 1"]
    history.get_by_role("link").click()
    expect(page.get_by_role("heading", name=f"What was changed of model:{model}")).to_be_visible()
    changes = page.locator("section[aria-label^='What was changed']")
    expect(changes.locator("tbody tr").first).to_contain_text("anyone")
    expect(changes.locator(".scroll")).to_have_class("scroll")  # long details are wrapped, so the answers can be seen


def test_a_champion_is_measured_against_the_one_before(server, page):
    client = mlflow.MlflowClient(server, registry_uri=server)
    model = f"better-{time.time_ns()}"
    client.create_registered_model(model)
    experiment = client.create_experiment(model)
    for quality in (0.5, 0.75):
        run = client.create_run(experiment).info.run_id
        client.log_metric(run, "test_auc", quality)
        client.create_model_version(model, f"runs:/{run}/model", run)
    client.set_registered_model_alias(model, "champion", "2")
    metrics = page.locator("section", has=page.get_by_role("table", name="Metrics"))

    page.goto(f"{server}/#/models/{model}/versions/2")
    expect(metrics.locator("h2")).to_have_text("Metrics")
    client.set_registered_model_alias(model, "previous", "1")

    expect(metrics.locator("h2")).to_have_text("Metrics beside the champion before, version 1")
    expect(metrics.get_by_role("row", name="test_auc")).to_contain_text(re.compile(r"0\.7500.*0\.5000.*0\.25"))
    page.goto(f"{server}/#/models/{model}/versions/1")
    expect(metrics.locator("h2")).to_have_text("Metrics beside the champion, version 2")


def pipeline(client):
    """A run of a pipeline with a failed step, and the ids of both."""
    experiment = client.create_experiment(f"pipelines {time.time_ns()}")
    above = client.create_run(experiment, tags={"millrace.job": "pipeline"}, run_name="nightly").info.run_id
    tags = {"millrace.job": "train", "mlflow.parentRunId": above, "millrace.outcome": "INPUT_UNREADABLE"}
    step = client.create_run(experiment, tags=tags, run_name="a step").info.run_id
    client.log_text(step, "<h1>What the step saw</h1>", "report/index.html")
    client.set_terminated(step, "FAILED")
    client.set_terminated(above)
    return experiment, above, step


def test_a_pipeline_shows_its_steps_first(server, page):
    experiment, above, _ = pipeline(mlflow.MlflowClient(server, registry_uri=server))
    page.goto(f"{server}/#/experiments/{experiment}")
    child = page.locator("#runs tr.child")
    expect(child).to_contain_text("a step")  # one run with its steps stands open
    expect(child).to_contain_text("failed input unreadable")
    page.get_by_role("button", name="Hide 1 child runs of nightly").click()
    expect(child).to_have_count(0)

    page.goto(f"{server}/#/experiments/{experiment}/runs/{above}")
    settle(page)
    parts = page.locator("main section").evaluate_all("all => all.map(one => one.ariaLabel)")
    assert parts.index("Child runs") < parts.index("Metrics")
    expect(page.locator("section[aria-label=Metrics]")).not_to_contain_text("as they are logged")


def test_a_report_in_a_folder_is_offered(server, page):
    experiment, _, step = pipeline(mlflow.MlflowClient(server, registry_uri=server))
    page.goto(f"{server}/#/experiments/{experiment}/runs/{step}")
    page.get_by_role("link", name="Open report/index.html").click()
    expect(page.frame_locator("iframe.report").locator("h1")).to_have_text("What the step saw")
    page.go_back()
    expect(page.locator("#file-report\\/index\\.html")).to_be_visible()  # the only folder stands open


def test_lists_follow_what_others_make(server, page):
    client = mlflow.MlflowClient(server, registry_uri=server)
    for place, make in (("experiments", client.create_experiment), ("models", client.create_registered_model)):
        page.goto(f"{server}/#/{place}")
        expect(page.locator("h1")).to_have_text(place.capitalize())
        page.get_by_label("Find").fill(f"late {place}")
        expect(page.get_by_text("has this in its name").or_(page.get_by_text("No registered models"))).to_be_visible()
        make(f"late {place}")
        expect(page.get_by_role("link", name=f"late {place}")).to_be_visible()
        assert page.get_by_label("Find").input_value() == f"late {place}"


def test_times_go_on_while_a_page_is_open(server, page):
    client = mlflow.MlflowClient(server, registry_uri=server)
    name = f"long ago {time.time_ns()}"
    page.clock.install(time=time.time())
    client.create_experiment(name)
    page.goto(f"{server}/#/experiments?name={name.replace(' ', '+')}")
    made = page.locator("main tbody tr time").first
    expect(made).to_be_visible()
    page.clock.fast_forward("10:00")
    expect(made).to_have_text(re.compile("^(9|10) min ago$"))


def test_what_is_wider_than_the_window_is_shaded_where_it_goes_on(server, page):
    experiment, *_ = pipeline(mlflow.MlflowClient(server, registry_uri=server))
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{server}/#/experiments/{experiment}")
    wide = page.get_by_role("group", name="Runs")
    expect(wide).to_have_class("scroll more-right")
    wide.evaluate("place => { place.scrollLeft = place.scrollWidth; }")
    expect(wide).to_have_class("scroll more-left")
    assert page.locator("header.top").evaluate("bar => getComputedStyle(bar).position") == "static"
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(wide).to_have_class("scroll")


def test_an_address_that_shows_nothing_leads_on(server, page):
    experiment, *_ = pipeline(mlflow.MlflowClient(server, registry_uri=server))
    page.goto(f"{server}/#/experiments/{experiment}/runs/{'0' * 32}")
    expect(page.get_by_role("alert")).to_contain_text("not found")
    page.get_by_role("link", name=f"Up to experiments / {experiment}").click()
    expect(page.locator("#runs")).to_contain_text("nightly")
    page.wrong[:] = [text for text in page.wrong if "404 (Not Found)" not in text]  # the browser logs the refusal


class Receiver(http.server.BaseHTTPRequestHandler):
    heard = []

    def do_POST(self):
        Receiver.heard.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"thank you")

    def log_message(self, *_):
        pass


@pytest.fixture
def receiver():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as receiving:
        threading.Thread(target=receiving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{receiving.server_port}/hook"
        receiving.shutdown()


def test_a_webhook_is_made_tested_switched_off_and_deleted(server, page, receiver):
    page.goto(f"{server}/#/settings")
    part = page.locator("section[aria-label=Webhooks]")
    expect(part.get_by_text("No webhooks")).to_be_visible()
    part.get_by_label("Name").fill("deploy")
    part.get_by_label("URL").fill(receiver)
    part.get_by_label("Secret to sign with").fill("a secret")
    part.get_by_label("a version is registered").check()
    part.get_by_role("button", name="Make a webhook").click()
    row = part.locator("tbody tr")
    expect(row).to_contain_text("a version is registered, an alias is set or moved")
    expect(row).to_contain_text("active")

    part.get_by_role("button", name="Test deploy").click()
    expect(part.get_by_text("deploy was taken with status 200")).to_be_visible()
    expect(part.get_by_text("thank you")).to_be_visible()
    headers, body = Receiver.heard[-1]
    signed = f"{headers['X-MLflow-Delivery-Id']}.{headers['X-MLflow-Timestamp']}.{body.decode()}"
    signature = base64.b64encode(hmac.new(b"a secret", signed.encode(), hashlib.sha256).digest()).decode()
    assert headers["X-MLflow-Signature"] == f"v1,{signature}"
    assert json.loads(body)["entity"] in ("model_version", "model_version_alias")

    part.get_by_role("button", name="Switch off deploy").click()
    expect(row).to_contain_text("off")
    part.get_by_role("button", name="Switch on deploy").click()
    expect(row).to_contain_text("active")
    part.get_by_role("button", name="Delete deploy").click()
    page.locator("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(part.get_by_text("No webhooks")).to_be_visible()


def test_keys_can_be_switched_off(server, page):
    page.goto(f"{server}/#/experiments")
    expect(page.locator("h1")).to_have_text("Experiments")
    page.keyboard.press("g")
    page.keyboard.press("m")
    expect(page.locator("h1")).to_have_text("Models")
    page.keyboard.press("?")
    page.locator("dialog").get_by_label("Single keys work").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("e")
    page.get_by_role("link", name="Settings").click()
    expect(page.locator("h1")).to_have_text("Settings")
    assert "#/settings" in page.url
