"""Markdown as GitHub renders it, by the library that GitHub wrote for it, taken apart so that a test can look at it.

What a forge makes of the rendered text afterwards (mentions, references, pictures of emoji) no library does; `beyond`
looks for it, as the filters do: in text that is neither code nor a link.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import cmarkgfm  # type: ignore[import-untyped]  # ships no types
from cmarkgfm.cmark import Options  # type: ignore[import-untyped]  # ships no types

from policy_preview.report.comment import LIMIT, MARKER

ADDED = re.compile("[\u200b\u2068\u2069]")  # what escaping adds, and nothing else could
BEYOND = re.compile(
    r"""(?<![\w`])@[\w-]+ | (?<!\w)\#\w+ | \bGH-\d+ | [!&$]\d+ | [%~][\w"'] | :(?!\d\dZ?:)[\w+-]+:
    | \bwww\.\w | ://\w | \[[\w/.-]+: | [\[{][+-]""",
    re.IGNORECASE | re.VERBOSE,
)
VOID = {"hr", "br", "img", "input"}
# The elements that a comment has.
OURS = {"h3", "h4", "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "code", "ul", "li", "a", "blockquote",
        "details", "summary", "sub"}  # fmt: skip


class Page(HTMLParser):
    """`tags`: every element with its attributes; `rows`: the cells of tables; `plains`: text outside code and links."""

    def __init__(self, markdown: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.comments: list[str] = []
        self.texts: list[str] = []
        self.plains: list[str] = []
        self.rows: list[list[str]] = []
        self.open: list[str] = []
        self.html = cmarkgfm.github_flavored_markdown_to_html(markdown, options=Options.CMARK_OPT_UNSAFE)
        self.feed(self.html)
        self.close()
        assert not self.open, f"left open: {self.open}"

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.tags]

    @property
    def text(self) -> str:
        return ADDED.sub("", "".join(self.texts)).lstrip("\n")

    @property
    def beyond(self) -> list[str]:
        return [match[0] for text in self.plains for match in BEYOND.finditer(text)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if not {"code", "a", "pre"} & set(self.open):
            self.plains.append(data)
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += ADDED.sub("", data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data.strip())

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)


def looked_at(text: str) -> Page:
    """A comment, rendered: of our elements alone, every fold closed, nothing hidden but the marker."""
    assert len(text.encode("utf-16-le")) // 2 <= LIMIT
    page = Page(text)
    assert text.startswith(f"{MARKER}\n### ")
    assert page.comments == ["policy-preview diff"]
    assert set(page.names) <= OURS, set(page.names) - OURS
    assert all(set(found) <= ({"href"} if name == "a" else {"align"}) for name, found in page.tags)
    assert page.names.count("details") == page.names.count("summary") == text.count("</details>")
    assert page.beyond == []
    return page
