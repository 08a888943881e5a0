"""The report by keyboard, in a real Chromium: what is reached, that the focus is seen, and where going back leads."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from chromium import Open  # beside this file


def test_the_skip_link_comes_first_and_keeps_the_view(small: Path, tab: Open) -> None:
    one = tab(small)
    one.page.keyboard.press("Tab")
    assert "Skip to the content" in one.focus
    box = one.page.locator("a.skip").bounding_box()
    assert box
    assert box["x"] >= 0
    one.go("history")
    one.page.locator("a.skip").focus()
    one.page.keyboard.press("Enter")
    one.page.wait_for_timeout(50)
    assert one.page.locator(".view.shown").get_attribute("id") == "history"
    assert one.page.evaluate("() => document.querySelector('main').contains(document.activeElement)")
    one.page.keyboard.press("Tab")
    assert one.page.evaluate("() => document.querySelector('#history').contains(document.activeElement)")


def test_tab_reaches_the_parts_and_the_focus_moves_into_them(small: Path, tab: Open) -> None:
    one = tab(small)
    for _ in range(12):
        one.page.keyboard.press("Tab")
        if ">Cases<" in one.focus:
            break
    assert ">Cases<" in one.focus
    one.page.keyboard.press("Enter")
    one.page.wait_for_selector("#cases.shown")
    assert "cases-head" in one.focus
    for _ in range(30):  # through all the fields to the first link of a case
        one.page.keyboard.press("Tab")
        if 'name="sort"' in one.focus:
            break
    assert 'name="sort"' in one.focus


@pytest.mark.parametrize("view", ["", "policy/assistant-1", "cases", "evidence"])
def test_the_focus_is_seen(small: Path, tab: Open, view: str) -> None:
    one = tab(small, view)
    stops = set[str]()
    for _ in range(60):
        one.page.keyboard.press("Tab")
        if one.page.evaluate("() => document.activeElement === document.body"):
            break
        style, width, seen = one.page.evaluate(
            """() => {
                const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
                const box = document.activeElement.getBoundingClientRect();
                const within = box.width > 0 && box.bottom > 0 && box.top < innerHeight;
                return [outlineStyle, parseFloat(outlineWidth), within];
            }"""
        )
        assert style != "none", one.focus
        assert width >= 1, one.focus
        assert seen, one.focus
        stops.add(one.focus)
    assert len(stops) > 10


def test_evidence_opens_and_closes_by_keyboard(small: Path, tab: Open) -> None:
    one = tab(small, "policy/assistant-1")
    for _ in range(80):
        one.page.keyboard.press("Tab")
        if 'href="#F-001"' in one.focus:
            break
    link = one.focus
    assert 'class="f"' in link
    one.page.keyboard.press("Enter")
    assert "requests for unauthorised attacks are answered in a reduced way" in one.text("dialog#note")
    assert one.page.get_by_role("dialog").get_attribute("aria-labelledby")
    assert one.page.evaluate("() => document.querySelector('dialog').contains(document.activeElement)")
    one.page.keyboard.press("Escape")
    assert not one.page.locator("dialog#note").is_visible()
    assert one.focus == link
    assert one.part == "policy/assistant-1"


def test_going_back_restores_where_one_was(large: Path, tab: Open) -> None:
    one = tab(large, "gaps")
    one.page.evaluate("() => scrollTo(0, 900)")
    one.page.wait_for_timeout(150)
    assert one.page.evaluate("() => scrollY") == 900
    one.page.evaluate("() => document.querySelector('nav a[href=\"#words\"]').click()")
    one.page.wait_for_selector("#words.shown")
    assert one.page.evaluate("() => scrollY") == 0
    one.page.go_back()
    one.page.wait_for_selector("#gaps.shown")
    one.page.wait_for_timeout(150)
    assert abs(one.page.evaluate("() => scrollY") - 900) < 20
