"""The pages of a report without a browser: every link resolves, all is there, and nothing on them is trusted."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from policy_preview.page.book import Book, book
from policy_preview.page.render import clean, mark, policy_of, web
from policy_preview.page.site import site, whole
from policy_preview.workspace import Workspace, load

REPO = Path(__file__).resolve().parents[2]


class Page(HTMLParser):
    """What a test asks of a page: its ids, links, tags and attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids, self.links, self.tags = list[str](), list[str](), Counter[str]()
        self.attributes = set[str]()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.append(value or "")
            if name == "href" and tag == "a":
                self.links.append(value or "")


def test_every_link_of_the_page_resolves(everything: Book) -> None:
    (text,) = whole(everything).values()
    page = Page(text)
    assert [id for id, times in Counter(page.ids).items() if times > 1] == []
    inside = {link.partition("?")[0] for link in page.links if link.startswith("#")}
    assert {link for link in inside if link[1:] not in page.ids} == set()
    outside = {link for link in page.links if not link.startswith("#")}
    assert len(outside) > 100
    assert all(link.startswith(("https://", "http://")) for link in outside)
    assert page.attributes & {"style", "onclick", "onload", "srcdoc", "action", "src"} == set()
    assert page.tags["script"] == 2
    assert not page.tags.keys() & {"iframe", "object", "embed", "img", "base", "form action"}


def test_every_link_of_the_site_resolves(everything: Book) -> None:
    pages = {name: Page(text) for name, text in site(everything).items()}
    assert len(pages) == len(everything.documents) + 3
    for name, page in pages.items():
        assert [id for id, times in Counter(page.ids).items() if times > 1] == []
        for link in page.links:
            if not link.startswith(("https://", "http://")):
                file, _, anchor = link.partition("#")
                assert anchor.partition("?")[0] in pages[file or name].ids, (name, link)


def test_a_report_of_some_holds_what_they_rest_on(repository: Workspace) -> None:
    some = [repository.policies[name] for name in ("codex-cyber-silent", "codex-cyber-notice")]
    found = book(repository, some)
    (text,) = whole(found).values()
    page = Page(text)
    assert {link.partition("?")[0][1:] for link in page.links if link[0] == "#"} <= set(page.ids)
    assert 0 < len(found.record.facts) < 100
    assert {"codex-cyber-silent", "codex-cyber-notice"} <= found.shown


@pytest.mark.usefixtures("workspace")
def test_the_same_data_gives_the_same_bytes() -> None:
    books = [book(read, list(read.policies.values())) for read in (load(Path.cwd()), load(Path.cwd()))]
    assert whole(books[0]) == whole(books[1])
    assert site(books[0]) == site(books[1])


def test_every_case_and_its_text_is_on_the_page(repository: Workspace, everything: Book) -> None:
    (text,) = whole(everything).values()
    ids = set(Page(text).ids)
    assert {f"case/{case.id}" for case in repository.used} <= ids
    quotes = re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", text, re.DOTALL)
    words = [re.sub(r"</?mark>", "", q).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") for q in quotes]
    assert sorted(words) == sorted(str(clean(case.text)) for case in repository.used)


def test_the_templates_mark_nothing_as_safe() -> None:
    folder = REPO / "tools" / "policy_preview" / "page" / "templates"
    for path in folder.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "|safe" not in text.replace(" ", ""), path.name
        assert "autoescape" not in text, path.name
        assert not re.search(r"\s[\w-]+=\{\{", text), "every attribute has its quotation marks"
        assert not re.search(r"""=\s*"[^"]*\|\s*words""", text), "`words` is for what stands between tags"
    script = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.js"))
    assert len(script) > 10_000
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|fetch\(", script)


def test_the_security_policy_names_the_hashes_of_our_own(everything: Book) -> None:
    (text,) = whole(everything).values()
    style, script = (re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)[0] for tag in ("style", "script"))
    words = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert words
    assert words[1].replace("&#39;", "'") == policy_of(style, script)
    assert "default-src 'none'" in policy_of(style, script)
    assert "unsafe" not in policy_of(style, script)


def test_texts_that_hide_or_turn() -> None:
    assert clean("a\u202eb\u200b\x1b[31m\x00") == "a\\u202eb\\u200b\\x1b[31m\\x00"
    assert clean("two\nlines\tand\u3000a wide blank") == "two\nlines   and\u3000a wide blank"
    assert clean(3) == 3
    assert [web(url) for url in ("https://a.example/x", "javascript:alert(1)", "data:text/html,x", None, "//a")] == [
        "https://a.example/x", "", "", "", "",
    ]  # fmt: skip
    assert [
        mark(word) for word in ("answer", "silent-limit", "on-ask-fallback", "not-covered", "visible-hold")
    ] == list("nsaxv")
