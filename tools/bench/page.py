"""How soon a page of 5,000 cases stands, against a plain page of the same texts as a peer.

Usage: python tools/bench/page.py [COUNT], from the root of the repository, with the extra `test` and a Chromium on the
path. Prints the size and the best of five of each, and the ratio: what labels, outcomes and filters cost, less what it
saves that a browser lays out what is off the screen only when it comes near. Below 1, the report is the faster one.
"""

from __future__ import annotations

import html
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from policy_preview.page.book import book
from policy_preview.page.site import CASES, site
from policy_preview.workspace import load

if TYPE_CHECKING:
    from playwright.sync_api import Browser

REPO = Path(__file__).resolve().parents[2]
_CASE = re.compile(r"^  - id: ", re.MULTILINE)
# When the count of cases has been painted: the first frame after the one in which it stood there.
_CLOCK = """
const look = () => {
    const count = document.querySelector("#cases-count");
    if (count?.checkVisibility() && count.textContent.startsWith(WORDS) && document.readyState !== "loading") {
        requestAnimationFrame(() => { window.painted = performance.now(); });
    } else requestAnimationFrame(look);
};
look();
"""


def many(root: Path, least: int) -> int:
    """A workspace of at least so many cases: the families of this repository, again and again under other names."""
    shutil.copytree(REPO / "spec", root / "spec")
    files = sorted((REPO / "cases").glob("*/*.yaml"))
    count = copies = 0
    while count < least:
        for path in files:
            name, text = path.stem, path.read_text(encoding="utf-8")
            if copies:
                name = f"{path.stem}-x{copies}"
                text = re.sub(rf"^family: {path.stem}$", f"family: {name}", text, flags=re.MULTILINE)
                text = re.sub(rf"^(  - id: ){path.stem}-", rf"\g<1>{name}-", text, flags=re.MULTILINE)
            target = root / "cases" / path.parent.name / f"{name}.yaml"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            count += len(_CASE.findall(text))
            if count >= least:
                break
        copies += 1
    return count


def painted(browser: Browser, file: Path, words: str) -> float:
    """Seconds from the start of loading until the page is painted, and with it the line of `#cases-count`."""
    with browser.new_context() as context:
        page = context.new_page()
        page.add_init_script(_CLOCK.replace("WORDS", repr(words)))
        page.goto(f"{file.as_uri()}#cases")
        page.wait_for_function("window.painted")
        first = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Infinity")
        return max(float(first), float(page.evaluate("window.painted"))) / 1000


def _plain(texts: list[str], words: str) -> str:
    body = "".join(f"<blockquote>{html.escape(text)}</blockquote>" for text in texts)
    return f'<!doctype html><meta charset="utf-8"><title>plain</title><p id="cases-count">{words}</p>{body}'


def main(least: int) -> None:
    """Measure both pages and say what came of it."""
    from playwright.sync_api import sync_playwright

    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        raise SystemExit("no Chromium on the path; on Debian: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        root = Path(folder)
        many(root / "many", least)
        workspace = load(root / "many")
        report = book(workspace, [workspace.policies[name] for name in workspace.headline])
        words = f"{report.cases:,} cases in "
        pages = {"report": site(report)[CASES], "plain": _plain([case.text for case in workspace.used], words)}
        browser = playwright.chromium.launch(executable_path=found)
        best: dict[str, float] = {}
        for name, text in pages.items():
            file = root / f"{name}.html"
            file.write_text(text, encoding="utf-8")
            best[name] = min(painted(browser, file, words) for _ in range(5))
            print(f"{name}: {file.stat().st_size / 1e6:.1f} MB, painted after {best[name]:.2f} s")
        print(f"ratio: {best['report'] / best['plain']:.1f}")
        browser.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
