"""Hostile text in every field that the schemas leave open: none of it runs, and the page keeps its shape and says it.

The reader refuses control characters and those that turn or hide; here it is told not to, so that the page must hold
alone. The security policy of the page is off as well where nothing may run.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from policy_preview import reader
from policy_preview.page.book import book
from policy_preview.page.render import clean
from policy_preview.page.site import site, whole
from policy_preview.workspace import load

sys.path.insert(0, str(Path(__file__).parent))
import hostile as made  # beside this file
from chromium import WIDTHS, Open, Tab

ADDRESSES = [
    f"cases?text={made.TRAPS[:60]}",
    "<img src=x onerror=hit=1>",
    "policy/<script>hit=1</script>",
    "cases?risk=%00'\"",
]
# What no page shows so far. All else that a file says has to be found on one.
UNSEEN = {
    "evidence.situations[].note", "evidence.situations[].reported", "evidence.situations[].situation", "evidence.title",
    "family.canary", "family.cases[].allow[].reason", "family.cases[].note", "family.cases[].retired", "family.note",
    "policy.allow[].reason",
    "taxonomy.canary", "taxonomy.categories[].note", "taxonomy.categories[].title", "taxonomy.modes[].definition",
    "taxonomy.risks[].examples[].text", "taxonomy.risks[].examples[].why",
    "taxonomy.risks[].note", "taxonomy.spans[].definition", "taxonomy.surfaces[].note",
    "taxonomy.surfaces[].title", "taxonomy.topics[].levels", "taxonomy.topics[].note", "taxonomy.topics[].title",
}  # fmt: skip


@dataclass(frozen=True)
class Trial:
    """A page, all its files, and each text by the field it stands in and a number."""

    page: Path
    site: Path
    texts: dict[str, str]
    filled: set[str]
    unfilled: set[str]


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Trial]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "_HIDDEN", ())
        return {
            each.__name__: _trial(tmp_path_factory.mktemp(each.__name__), each)
            for each in (made.hostile, made.harmless)
        }


def _trial(root: Path, text: made.Texts) -> Trial:
    texts: dict[str, str] = {}

    def kept(path: str, most: int) -> str:
        return texts.setdefault(path, text(path, most))

    filled, unfilled = made.workspace(root / "workspace", kept)
    workspace = load(root / "workspace")
    assert [f"{finding.code} {finding.message} {finding.place}" for finding in workspace.findings] == []
    report = book(workspace, list(workspace.policies.values()))
    (root / "site").mkdir()
    for name, page in {"whole.html": whole(report)["index.html"], **site(report)}.items():
        (root / "site" / name).write_text(page, encoding="utf-8")
    return Trial(root / "site" / "whole.html", root / "site", texts, filled, unfilled)


def shape(one: Tab) -> Counter[str]:
    tags: list[str] = one.page.evaluate("() => [...document.querySelectorAll('*')].map((e) => e.tagName)")
    return Counter(tags)


def calm(one: Tab) -> None:
    """Nothing ran, and no element carries what could run."""
    assert one.page.evaluate("() => window.hit") is None
    names: list[str] = one.page.evaluate(
        "() => [...new Set([...document.querySelectorAll('*')].flatMap((e) => e.getAttributeNames()))]"
    )
    assert [name for name in names if name.startswith("on") or name in ("style", "srcdoc", "src", "autofocus")] == []
    assert one.page.locator("img, iframe, object, embed, base, body script[src], textarea").count() == 0
    links: list[str] = one.page.evaluate("() => [...document.querySelectorAll('[href]')].map((e) => e.href)")
    assert {link.partition(":")[0] for link in links} <= {"file", "https", "data"}
    assert [link for link in links if link.startswith("data:")] == ["data:,"]


def test_every_free_text_of_the_schemas_is_hostile(trials: dict[str, Trial]) -> None:
    found = trials["hostile"]
    assert found.unfilled == set(), "extend the workspace of hostile.py so that these stand somewhere"
    assert len(found.filled) > 80
    assert trials["harmless"].filled == found.filled


def test_nothing_runs_and_the_page_keeps_its_shape(trials: dict[str, Trial], tab: Open) -> None:
    one, peer = (tab(trials[name].page, bypass_csp=True) for name in ("hostile", "harmless"))
    calm(one)
    assert shape(one) == shape(peer)
    assert one.views == peer.views
    for view in one.views:
        for each in (one, peer):
            each.go(view)
        calm(one)
        assert shape(one) == shape(peer), view


def test_nothing_runs_in_what_the_script_makes(trials: dict[str, Trial], tab: Open) -> None:
    one, peer = (tab(trials[name].page, bypass_csp=True) for name in ("hostile", "harmless"))
    for each in (one, peer):
        each.go("compare?a=assistant-1&b=what-if")
        each.page.evaluate("() => document.querySelectorAll('details').forEach((e) => { e.open = true })")
    assert shape(one) == shape(peer)
    calm(one)
    for id in ("F-001", "Q-001", "P-01"):
        for each in (one, peer):
            each.page.evaluate("id => document.querySelector(`a.f[href='#${id}']`).click()", id)
            assert each.page.locator("dialog").is_visible()
        assert shape(one) == shape(peer)
        calm(one)
        for each in (one, peer):
            each.page.keyboard.press("Escape")
    one.go("cases")
    for select in ("policy", "outcome", "sort"):
        one.page.locator(f"#filters [name={select}]").select_option(index=1)
    one.page.locator("#f-text").fill(made.TRAPS)
    calm(one)


@pytest.mark.parametrize("address", ADDRESSES)
def test_hostile_addresses(small: Path, tab: Open, address: str) -> None:
    one = tab(small, address, bypass_csp=True)
    calm(one)
    assert one.page.locator(".view.shown").count() == 1


def test_texts_read_as_they_were_written(trials: dict[str, Trial], tab: Open) -> None:
    """With control characters and those that turn the direction as escapes; and hardly any text is nowhere."""
    found = trials["hostile"]
    one = tab(found.page)
    words = _blanks(one.page.evaluate("() => document.querySelector('main').textContent"))
    assert "\\x1b[31mred\\x1b[0m\\x07 \\u202egnp.exe" in words
    assert re.search("[\x00-\x08\x1b\u202a-\u202e\u2066-\u2069\u200b]", words) is None
    seen = {name: text for name, text in found.texts.items() if f"[{name}]" in words}
    assert [name for name, text in seen.items() if _blanks(str(clean(text))) not in words] == []
    fields = {name.partition(" ")[0] for name in seen}
    assert found.filled - fields - UNSEEN == set()
    assert len(fields) > 50


def _blanks(text: str) -> str:
    return " ".join(text.split())


def test_each_page_of_the_site(trials: dict[str, Trial], tab: Open) -> None:
    names = sorted(path.name for path in trials["hostile"].site.iterdir())
    assert names == [
        "cases.html", "evidence.html", "index.html", "policy-assistant-1.html", "policy-assistant-2.html",
        "policy-what-if.html", "whole.html",
    ]  # fmt: skip
    one, peer = (tab(trials[each].site / names[0], bypass_csp=True) for each in ("hostile", "harmless"))
    for name in names:
        one.page.goto((trials["hostile"].site / name).as_uri())
        peer.page.goto((trials["harmless"].site / name).as_uri())
        calm(one)
        assert shape(one) == shape(peer), name


def test_nothing_is_wider_than_the_window(trials: dict[str, Trial], tab: Open) -> None:
    one = tab(trials["hostile"].page)
    found: list[Any] = []
    for view in one.views:
        one.go(view)
        found += [f"{view}: {wide}" for width in WIDTHS if (wide := one.too_wide(width))]
    assert found == []
