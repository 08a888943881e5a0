"""The report in a real Chromium: axe, widths, print, without its script, what its security policy does."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from chromium import WIDTHS, Open, Tab  # beside this file

VIEWS = [
    "overview", "policy/assistant-1", "policy/assistant-2", "compare", "history", "cases", "coverage", "gaps",
    "measures", "evidence", "words",
]  # fmt: skip
ONE = "policy/fable-5-launch"
FEW = "cases?topic=penetration-testing&risk=benign&lang=ja"


@pytest.fixture(scope="session")
def bare(small: Path) -> Path:
    """The page of the template without its script: axe needs one of its own to run."""
    path = small.with_name("bare.html")
    text, found = re.subn(r"<script>.*?</script>", "", small.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert found == 1
    path.write_text(text, encoding="utf-8")
    return path


def test_the_views_are_those_that_are_tested(small: Path, tab: Open) -> None:
    assert tab(small).views == VIEWS


# --- axe: no violation, in both schemes ------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_of_every_view(small: Path, tab: Open, scheme: str) -> None:
    one = tab(small, color_scheme=scheme)
    found = dict[str, list[str]]()
    for view in VIEWS:
        one.go(view)
        found[view] = one.faults()
    one.go("cases?text=no+such+words")
    assert one.page.locator("#cases-none").is_visible()
    found["no match"] = one.faults()
    one.go("policy/assistant-1")
    one.page.locator(".view.shown a.f").first.click()
    assert one.page.locator("dialog#note").is_visible()
    found["evidence in a dialog"] = one.faults()
    assert {where: faults for where, faults in found.items() if faults} == {}


@pytest.mark.parametrize("view", ["overview", ONE, "compare", "history", "coverage", "gaps", FEW])
def test_axe_of_this_repository(large: Path, tab: Open, view: str) -> None:
    one = tab(large, view)
    assert one.page.locator(".view.shown").get_attribute("id") == view.partition("?")[0]
    if view == FEW:
        assert 0 < one.page.locator("#families section:visible").count() < 50
    one.alone()
    found = one.faults()
    one.page.emulate_media(color_scheme="dark")
    found += one.faults()
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_without_the_script(bare: Path, tab: Open, scheme: str) -> None:
    assert tab(bare, color_scheme=scheme).faults() == []


# --- widths ----------------------------------------------------------------------------------------------------------


def test_no_view_is_wider_than_the_window(large: Path, tab: Open) -> None:
    one = tab(large)
    found = list[str]()
    for view in one.views:
        one.go(view)
        found += [f"{view}: {wide}" for width in WIDTHS if (wide := one.too_wide(width))]
    assert found == []


def test_a_policy_at_twice_the_size(large: Path, tab: Open) -> None:
    """At 200% zoom, a window of 360 px holds 180 of the page's own."""
    assert tab(large, ONE).too_wide(180) == ""


def test_widths_without_the_script(large: Path, tab: Open) -> None:
    one = tab(large, java_script_enabled=False)
    assert [wide for width in WIDTHS if (wide := one.too_wide(width))] == []


# --- what a screen reader is told ------------------------------------------------------------------------------------


def test_each_view_has_its_heading_and_title(small: Path, tab: Open) -> None:
    one = tab(small)
    titles = set[str]()
    for view in VIEWS:
        one.go(view)
        (heading,) = one.page.get_by_role("heading", level=1).all_inner_texts()
        assert heading in one.page.title()
        titles.add(heading)
        assert one.page.get_by_role("main").count() == one.page.get_by_role("banner").count() == 1
        current = one.page.locator("nav [aria-current=page]").get_attribute("href")
        assert current == ("#overview" if view.startswith("policy/") else f"#{view}")
        regions = one.page.get_by_role("region").all()
        assert all(each.get_attribute("aria-label") or each.get_attribute("aria-labelledby") for each in regions)
    assert len(titles) == len(VIEWS)


def test_counts_are_told(small: Path, tab: Open) -> None:
    one = tab(small, "cases")
    status = one.page.get_by_role("status").filter(visible=True)
    assert status.all_inner_texts() == ["3 cases in 1 family"]
    one.page.get_by_label("Risk", exact=True).select_option("benign")
    assert status.all_inner_texts() == ["1 of 3 cases, in 1 of 1 family"]


# --- without the script ----------------------------------------------------------------------------------------------


def test_without_the_script_all_of_it_is_there(small: Path, tab: Open) -> None:
    one = tab(small, java_script_enabled=False)
    assert one.page.locator(".view:visible").count() == len(VIEWS)
    assert one.page.locator(".filters:visible, .count.js:visible, #cases-none:visible, dialog:visible").count() == 0
    assert one.page.locator(".js-off").first.is_visible()
    closed = one.page.locator("details:not([open])").first
    inside = closed.locator(":scope > :not(summary)").first
    assert not inside.is_visible()
    closed.locator("summary").first.click()
    closed = one.page.locator("details[open]").first
    assert closed.locator(":scope > :not(summary)").first.is_visible()


def test_without_the_script_links_work(small: Path, tab: Open) -> None:
    one = tab(small, java_script_enabled=False)
    one.page.locator("#policy\\/assistant-1 a.f[href='#F-001']").first.click()
    assert one.part == "F-001"
    box = one.page.locator("#F-001").bounding_box()
    assert box
    assert 0 <= box["y"] < 720


# --- what the security policy holds ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "added",
    [
        "<script>hit = 1</script>",
        "<img src=x onerror='hit = 1'>",
        "<svg onload='hit = 1'></svg>",
        "<iframe srcdoc='<script>parent.hit = 1</script>'></iframe>",
        "<script src='data:text/javascript,hit = 1'></script>",
        "<style>h1 { display: none }</style>",
        "<p style='position: fixed; inset: 0' id=over>over</p>",
        "<link rel=stylesheet href='data:text/css,h1{display:none}'>",
        "<base href='https://example.com/'>",
    ],
)
def test_what_is_put_into_the_page_does_nothing(small: Path, tab: Open, added: str) -> None:
    path = small.with_name("added.html")
    text = small.read_text(encoding="utf-8")
    path.write_text(text.replace("</h1>", f"</h1>{added}", 1), encoding="utf-8")
    one = tab(path)
    one.page.wait_for_timeout(50)
    assert one.page.evaluate("() => window.hit") is None
    assert one.page.locator("#overview h1").is_visible()
    assert one.page.locator("#over[style]").count() == 0 or (
        one.page.locator("#over").evaluate("e => getComputedStyle(e).position") == "static"
    )
    assert one.page.evaluate("() => document.baseURI").startswith("file:")
    assert any("Content Security Policy" in each for each in one.noise), "the browser says that it refused"
    assert all("Content Security Policy" in each for each in one.noise)
    one.noise.clear()
    one.asked.clear()


# --- print -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", ["cases", "policy/assistant-2", "compare"])
def test_print(small: Path, tab: Open, view: str, scheme: str) -> None:
    one = tab(small, view, color_scheme=scheme)
    words = one.text(".view.shown h1")
    one.page.emulate_media(media="print")
    assert one.page.locator(".top, form, .skip, dialog, button").filter(visible=True).count() == 0
    assert words in one.text(".view.shown")
    if view == "cases":
        assert one.page.locator("blockquote:visible").count() == 3
    if view.startswith("policy/"):
        assert all(each.is_visible() for each in one.page.locator(".view.shown details > ul").all())
    for selector in (".view.shown p", ".view.shown h1", ".view.shown .small"):
        for each in one.page.locator(selector).filter(visible=True).all()[:5]:
            assert _light(each.evaluate("e => getComputedStyle(e).color")) < 0.45
    assert _ground(one) > 0.95


def _ground(one: Tab) -> float:
    return _light(one.page.evaluate("() => getComputedStyle(document.body).backgroundColor"))


def _light(colour: str) -> float:
    """How light a computed colour is, from 0 to 1; what is transparent shows the paper."""
    parts = [float(each) for each in re.findall(r"[\d.]+", colour)]
    return 1.0 if len(parts) == 4 and parts[3] == 0 else sum(parts[:3]) / 765
