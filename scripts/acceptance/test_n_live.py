"""Two people at once: each sees the other's comment, a running run's new points, and that the other is there."""

import os
import re
import time

import mlflow
import pytest
from conftest import free_port, script
from playwright.sync_api import expect, sync_playwright

PATIENCE = 20_000  # ms; what it really takes is printed


@pytest.fixture
def server(home):
    port = free_port()
    script("registry", "start", "--home", home, "--port", port)
    return f"http://127.0.0.1:{port}"


@pytest.fixture
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"])
        yield chromium
        chromium.close()


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
