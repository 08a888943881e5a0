"""A page of the report in the Chromium of this machine, watched: what it says, throws and asks for is noise."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # ships no types
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = f"none of {', '.join(NAMES)} is on the path; install one, on Debian with: apt-get install chromium"
WIDTHS = (360, 768, 1440)
# What is skipped until it is scrolled to has no width yet: all of it is laid out before the page is measured.
_LAID_OUT = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { content-visibility: visible !important }");
    document.adoptedStyleSheets = [sheet];
}"""
_WIDER = """() => {
    const wide = document.scrollingElement.scrollWidth;
    if (wide <= innerWidth) return "";
    const all = [...document.querySelectorAll("body *")];
    const last = all.findLast((e) => e.getBoundingClientRect().right > innerWidth + 1);
    return `${wide} px wide at ${innerWidth}: ${last ? last.outerHTML.slice(0, 200) : "nothing sticks out by itself"}`;
}"""


@contextmanager
def started() -> Iterator[Browser]:
    """The browser. None here: the test is skipped, or fails where POLICY_PREVIEW_BROWSER=required (CI)."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        if os.environ.get("POLICY_PREVIEW_BROWSER") == "required":
            pytest.fail(MISSING, pytrace=False)
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found)
        yield browser
        browser.close()


class Tab:
    """One page, opened at a part of it. `noise`: messages, errors, dialogs, and requests for anything but its files."""

    def __init__(self, browser: Browser, file: Path, part: str = "", **options: Any) -> None:
        self.noise = list[str]()
        self.asked = list[str]()
        self.context = browser.new_context(**options)
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda message: self.noise.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.noise.append(f"error: {error}"))
        self.page.on("dialog", self._refuse)
        self.page.on("request", lambda request: self.asked.append(request.url.partition("#")[0]))
        self.page.goto(file.as_uri() + (f"#{part}" if part else ""))

    def _refuse(self, dialog: Dialog) -> None:
        self.noise.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def close(self) -> None:
        """Raises AssertionError where there was noise, or a request for anything but a page."""
        self.context.close()
        assert self.noise == []
        assert [url for url in self.asked if not (url.startswith("file:") and url.endswith(".html"))] == []

    def go(self, part: str) -> None:
        """To a part by its address, as a link does."""
        self.page.evaluate("part => { location.hash = part }", part)
        self.page.wait_for_function(
            "id => document.querySelector('.view.shown')?.id === id", arg=part.partition("?")[0]
        )

    @property
    def views(self) -> list[str]:
        return [str(each.get_attribute("id")) for each in self.page.locator(".view").all()]

    @property
    def part(self) -> str:
        """What the address names."""
        return self.page.url.partition("#")[2]

    def text(self, selector: str) -> str:
        return self.page.locator(selector).inner_text()

    def too_wide(self, width: int) -> str:
        """What is wider than a window of this width; empty where nothing is."""
        self.page.set_viewport_size({"width": width, "height": 800})
        self.page.evaluate(_LAID_OUT)
        return str(self.page.evaluate(_WIDER))

    def alone(self) -> None:
        """Takes out what is not shown, for tools that would walk over it all the same."""
        self.page.evaluate(
            "() => document.querySelectorAll('.view:not(.shown), .view [hidden]').forEach((each) => each.remove())"
        )

    def faults(self) -> list[str]:
        """What axe finds, by its rules and best practices, with the element."""
        return [
            f"{rule['id']}: {node['html'][:160]} {node['target']}"
            for rule in Axe().run(self.page).response["violations"]
            for node in rule["nodes"]
        ]

    @property
    def focus(self) -> str:
        """The element with the focus, as TAG#ID.CLASS or its text."""
        return str(self.page.evaluate("() => document.activeElement.outerHTML.slice(0, 120)"))


Open = Callable[..., Tab]
