"""Parts of the pages that one run, one version and one administrator need: curves, history, webhooks."""

import base64
import hashlib
import hmac
import http.server
import json
import os
import threading
import time

import mlflow
import pytest
from conftest import free_port, home_in, script
from playwright.sync_api import expect, sync_playwright

PATIENCE = 20_000  # ms
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


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    wrong = []
    page.on("console", lambda message: message.type in ("error", "warning") and wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    context.close()
    assert wrong == []


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
