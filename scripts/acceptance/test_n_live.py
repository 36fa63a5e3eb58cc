"""Pages that stay open: what others write, what runs do, what begins, and a server that goes and comes back."""

import contextlib
import re
import sys
import time

import mlflow
import pytest
from conftest import ROOT, free_port, script
from pages import PATIENCE, browser  # noqa: F401: a fixture
from playwright.sync_api import expect

sys.path.insert(0, str(ROOT / "registry-server/src/test/browser"))
from story import DAY, Server, measure_drift  # noqa: E402



@pytest.fixture
def server(home):
    port = free_port()
    script("registry", "start", "--home", home, "--port", port)
    return f"http://127.0.0.1:{port}"


def opened(browser, address, name, errors):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(f"localStorage.setItem('millrace.name', '{name}')")
    page = context.new_page()
    page.on("console", lambda message: message.type == "error" and errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    return page


def test_two_browsers_see_each_other(server, browser):
    client = mlflow.MlflowClient(server, registry_uri=server)
    experiment = client.create_experiment("together")
    run = client.create_run(experiment, run_name="long one").info.run_id
    client.log_metric(run, "loss", 0.875, step=1)
    address = f"{server}/#/experiments/{experiment}/runs/{run}"
    errors = []
    ada, bob = (opened(browser, address, name, errors) for name in ("Ada", "Bob"))

    expect(ada.get_by_text("Also here: Bob")).to_be_visible(timeout=PATIENCE)
    expect(bob.get_by_text("Also here: Ada")).to_be_visible(timeout=PATIENCE)

    expect(bob.get_by_text("0.8750").first).to_be_visible(timeout=PATIENCE)
    begun = time.monotonic()
    client.log_metric(run, "loss", 0.625, step=2)
    expect(bob.get_by_text("0.6250").first).to_be_visible(timeout=PATIENCE)
    print(f"a new point after {time.monotonic() - begun:.2f} s")

    ada.get_by_role("textbox", name="Comment").fill("Looks **good** to me")
    begun = time.monotonic()
    ada.get_by_role("button", name="Comment").click()
    expect(bob.get_by_text(re.compile("Looks good to me"))).to_be_visible(timeout=PATIENCE)
    print(f"a comment after {time.monotonic() - begun:.2f} s")

    client.set_terminated(run)
    expect(bob.get_by_text("finished").first).to_be_visible(timeout=PATIENCE)
    ada.context.close()
    expect(bob.get_by_text("Also here: Ada")).to_be_hidden(timeout=PATIENCE)
    assert errors == []


def test_who_looks_alone_is_not_told_of_others(server, browser):
    client = mlflow.MlflowClient(server, registry_uri=server)
    experiment = client.create_experiment("alone")
    run = client.create_run(experiment, run_name="only").info.run_id
    client.log_text(run, "some notes", "notes.txt")
    for step in range(3):
        client.log_metric(run, "loss", 1 / (1 + step), step=step)
    page = opened(browser, f"{server}/#/experiments/{experiment}/runs/{run}", "Ada", errors := [])
    page.set_default_timeout(PATIENCE)
    for _ in range(2):
        page.get_by_role("link", name="notes.txt").click()
        expect(page.get_by_text("some notes")).to_be_visible()
        expect(page.locator(".people")).to_be_empty()
        with page.expect_response(re.compile("/api/v1/events")):
            page.reload()
        expect(page.get_by_text("some notes")).to_be_in_viewport()  # though curves above it are drawn later
        expect(page.locator("figure canvas")).to_have_count(1)
        expect(page.get_by_text("some notes")).to_be_in_viewport()
        page.go_back()
    assert errors == []


def test_a_run_begun_elsewhere_appears_in_the_list(server, browser):
    client = mlflow.MlflowClient(server, registry_uri=server)
    experiment = client.create_experiment("appearing")
    client.create_run(experiment, run_name="first")
    errors = []
    page = opened(browser, f"{server}/#/experiments/{experiment}", "Ada", errors)
    expect(page.get_by_role("link", name="first")).to_be_visible(timeout=PATIENCE)

    client.create_run(experiment, run_name="second")

    expect(page.get_by_role("link", name="second")).to_be_visible(timeout=PATIENCE)
    assert errors == []


@contextlib.contextmanager
def overtaken(page, address, change):
    """The first answer to `address` reaches the page only after `change`, of which it does not know yet."""
    came = []

    def answer_late(route):
        if came:
            route.continue_()
            return
        came.append(route.fetch())
        change()
        time.sleep(0.5)  # so that word of the change, gathered for 150 ms, comes first
        route.fulfill(response=came[0])

    page.route(re.compile(address), answer_late)
    yield
    assert came, address


def test_what_changes_while_a_page_is_read_is_seen(server, browser):
    client = mlflow.MlflowClient(server, registry_uri=server)
    experiment = client.create_experiment("busy")
    run = client.create_run(experiment, run_name="first").info.run_id
    client.log_metric(run, "loss", 0.875, step=1)
    client.create_registered_model("fraud")
    version = lambda: client.create_model_version("fraud", f"runs:/{run}/model", run)  # noqa: E731
    version()
    note = {"target": f"run:{run}", "text": "said meanwhile", "author": "Bob"}
    cases = [
        (f"experiments/{experiment}", "runs/search", lambda: client.create_run(experiment, run_name="second"), "second"),
        (f"experiments/{experiment}/runs/{run}", "runs/get", lambda: client.log_metric(run, "loss", 0.625, step=2), "0.6250"),
        (f"experiments/{experiment}/runs/{run}", "api/v1/comments", lambda: Server(server).call("POST", "/api/v1/comments", note), "said meanwhile"),
        ("experiments", "experiments/search", lambda: client.create_experiment("overtaker"), "overtaker"),
        ("models", "registered-models/search", lambda: client.create_registered_model("churn"), "churn"),
        ("models/fraud", "model-versions/search", version, "version 2"),
        ("models/fraud/versions/1", "model-versions/get", lambda: client.set_model_version_tag("fraud", "1", "seen", "late tag"), "late tag"),
        ("drift", "api/v1/drift", lambda: measure_drift(Server(server), "fraud", run, int(time.time() * 1000) // DAY * DAY), "fraud"),
        ("", "runs/search", lambda: client.create_run(experiment, run_name="third"), "third"),
    ]
    errors = []
    page = opened(browser, f"{server}/#/settings", "Ada", errors)
    expect(page.locator("h1")).to_have_text("Settings", timeout=PATIENCE)
    main = page.locator("main")
    for place, address, change, seen in cases:
        with overtaken(page, address, change):
            page.evaluate("place => { location.hash = `#/${place}`; }", place)
            expect(main).to_have_attribute("data-place", f"#/{place}", timeout=PATIENCE)
            expect(main.get_by_text(seen).first).to_be_visible(timeout=PATIENCE)
        page.unroute_all()
        page.evaluate("() => { location.hash = '#/settings'; }")
        expect(page.locator("h1")).to_have_text("Settings", timeout=PATIENCE)
    assert errors == []


def test_an_empty_home_fills_by_itself(server, home, browser):
    errors = []
    page = opened(browser, f"{server}/#/", "Ada", errors)
    page.set_default_timeout(PATIENCE)
    expect(page.get_by_text(f"scripts/quickstart --home {home}")).to_be_visible(timeout=PATIENCE)

    client = mlflow.MlflowClient(server, registry_uri=server)
    run = client.create_run(client.create_experiment("new here"), run_name="the first").info.run_id
    runs = page.locator("section[aria-label='Newest runs']")
    expect(runs.get_by_role("link", name="the first")).to_be_visible(timeout=PATIENCE)
    lasts = runs.locator("[data-since]")
    before = lasts.inner_text()
    expect(lasts).not_to_have_text(before, timeout=PATIENCE)  # it goes on without a word of the server

    client.set_terminated(run)
    for part in ("Newest runs", "Experiments"):
        expect(page.locator(f"section[aria-label='{part}']").get_by_text("finished")).to_be_visible(timeout=PATIENCE)
    client.create_registered_model("fraud")
    expect(page.locator("section[aria-label=Models]").get_by_role("link", name="fraud")).to_be_visible(timeout=PATIENCE)
    measure_drift(Server(server), "fraud", run, int(time.time() * 1000) // DAY * DAY)
    expect(page.locator("section[aria-label=Drift]").get_by_text("1 column drifting")).to_be_visible(timeout=PATIENCE)
    assert errors == []


def test_a_server_that_goes_and_comes_back_is_said(server, home, browser):
    errors = []
    page = opened(browser, f"{server}/#/experiments", "Ada", errors)
    page.set_default_timeout(PATIENCE)
    expect(page.get_by_role("link", name="Default")).to_be_visible()
    script("registry", "stop", "--home", home)

    page.get_by_role("link", name="Models").click()
    expect(page.get_by_role("alert")).to_contain_text("does not answer")
    expect(page.get_by_role("link", name="Home")).to_be_visible()
    script("registry", "start", "--home", home, "--port", server.rsplit(":", 1)[1])
    page.get_by_role("button", name="Try again").click()

    expect(page.locator("h1")).to_have_text("Models")
    assert all("Failed to load" in text or "ERR_" in text for text in errors), errors
