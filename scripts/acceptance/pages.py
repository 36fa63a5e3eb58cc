"""What the tests of the pages share: one Chromium, windows that must stay without complaints, and when a page is whole."""

import os
import time

import pytest
from playwright.sync_api import sync_playwright

PATIENCE = 20_000  # ms; what it really takes is printed where it matters
FLAGS = ["--no-sandbox", "--disable-gpu"]


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser):
    """A window of 1280 by 900; what the browser complained of stands in `wrong`, and must be empty at the end."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.wrong = []
    page.on("console", lambda message: message.type in ("error", "warning") and page.wrong.append(message.text))
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    yield page
    context.close()
    assert page.wrong == []


def settle(page):
    """Waits until the page shows its address, with all its parts."""
    end = time.monotonic() + PATIENCE / 1000
    while not page.evaluate("document.getElementById('main')?.dataset.place === location.hash") and time.monotonic() < end:
        time.sleep(0.02)
    page.wait_for_selector("[aria-busy]", state="detached")
