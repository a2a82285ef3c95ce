"""A headless Chromium, one for all tests of a module."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.runner.conftest import missing

HERE = Path(__file__).parent
BROWSER = os.environ.get("CDDS_TEST_BROWSER", "chromium")
DRIVER = os.environ.get("CDDS_TEST_BROWSER_DRIVER", "chromedriver")
_WAIT_S = 10
_WIDE = 1400


class Page:
    """A page in the browser, and what tests ask of it."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def open(self, path: Path, hash: str = "") -> None:
        """Open a file and wait until its scripts have run. What was logged before is forgotten."""
        self.driver.get("about:blank")
        self.driver.get_log("browser")
        self.driver.get_log("performance")
        self.driver.get(path.as_uri() + hash)
        self.wait("document.documentElement.dataset.ready === ''")

    def run(self, script: str, *arguments: Any) -> Any:
        """Return the value of an expression, or of what a function in it returns."""
        return self.driver.execute_script(f"return {script}", *arguments)

    def wait(self, script: str) -> Any:
        """Wait until an expression is true, and return it."""
        from selenium.webdriver.support.wait import WebDriverWait

        found = WebDriverWait(self.driver, _WAIT_S, poll_frequency=0.02)
        return found.until(lambda driver: self.run(script), script)

    def all(self, selector: str) -> list[Any]:
        return self.driver.find_elements("css selector", selector)

    def one(self, selector: str) -> Any:
        """Return the only element that a selector finds."""
        (found,) = self.all(selector)
        return found

    def texts(self, selector: str) -> list[str]:
        return self.run(
            "[...document.querySelectorAll(arguments[0])].map(e => e.textContent)", selector
        )

    def press(self, *keys: str) -> None:
        """Press keys as a person would, whatever has the focus."""
        self.driver.switch_to.active_element.send_keys(*keys)

    def look(self, *, width: int = _WIDE, dark: bool = False) -> None:
        """Give the window a width in pixels and the system a color scheme."""
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})

    def complaints(self) -> list[str]:
        """Return what the browser logged since the page was opened."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self) -> list[str]:
        """Return the URLs asked for since the page was opened."""
        events = [
            json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")
        ]
        urls = [
            event["params"]["request"]["url"]
            for event in events
            if event["method"] == "Network.requestWillBeSent"
        ]
        return [url for url in urls if urlsplit(url).scheme != "data"]

    def faults(self) -> list[str]:
        """Return what keeps people from using the page: see accessible.js."""
        script = (HERE / "accessible.js").read_text(encoding="utf-8")
        return self.driver.execute_script(script)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Chromium with its driver, as they are installed. Nothing is downloaded."""
    paths = [shutil.which(name) for name in (BROWSER, DRIVER)]
    if None in paths:
        needed = f"{BROWSER} or {DRIVER} isn't installed (CDDS_TEST_BROWSER, …_DRIVER)"
        missing("Chromium", FileNotFoundError(needed))
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = paths[0]
    for argument in (
        "--headless=new",
        # Within containers, tests may run as root, and shared memory is small.
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        f"--user-data-dir={tmp_path_factory.mktemp('browser')}",
        f"--window-size={_WIDE},900",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(paths[1]))
    try:
        yield Page(driver)
    finally:
        driver.quit()
