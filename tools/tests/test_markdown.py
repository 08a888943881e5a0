"""Text in Markdown: nothing of it becomes markup, and it reads as it was written. Rendered by GitHub's own library."""

from __future__ import annotations

import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from policy_preview.report.layout import safe
from policy_preview.report.markdown import code, fold, inline, link, table

sys.path.insert(0, str(Path(__file__).parent))
from rendered import Page  # beside this file

HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</details></td></table><h1>x", "<!-- x", "-->",
    "<a b='c'>", "<https://evil.example>", "<?php x ?>", "<![CDATA[x]]>", "</code>", "&lt;b&gt;", "&#64;octocat",
    "&copy;", "& you", "&#x200b;", "a | b", "\\| b", "\\\\| b", "|---|", "`x`", "``", "```", "```sh\nrm", "~~~",
    "~~gone~~", "~x~", "`|`", "\\`", "\\", "[x](javascript:alert(1))", "![x](https://evil.example/p.png)",
    "[x]: https://evil.example", "[^1]", "[x]", "- [ ] x", "[ ] x", "https://evil.example", "http://a.b",
    "ftp://a.b/c", "www.evil.example", "WWW.evil.example", "a@b.example", "mailto:a@b.example", "@octocat",
    "x @org/team y", "(@all)", "#123", "owner/repo#1", "GH-12", "gh-3", "!12", "$12", "%34", '%"x"', "~bug", "&12",
    "user/repo@0123456789abcdef", ":tada:", ":+1:", "::set-output::", "##[error]x", "$x$", "$`x`$", "$$y$$",
    "[issue:12]", "{+ new +}", "[- old -]", "{-x-}", "/close", "/merge now",
    "x :tada", "x:100", "# h", "## h ##", "h #", "> q", "- x",
    "+ x", "* x", "1. x", "1) x", "123456789. x", "***", "---", "===", "_x_", "__x__", "*x*", "a_b_c", "_a", "a_",
    "__a_b__", "2026-06-11T05:56:30Z", "100% of 3", "~0.03%", "%s %n {0} ${HOME} {{x}} %(x)s",
    "\x1b[31mred\x1b[0m\x07", "\x00\x08\x7f\x9b", "\u202eevil\u202c", "\u2066x\u2069", "a\u200bb\ufeff",
    "line\nbreak\r\nx", "\u2028x", "שלום (a) 12", "مرحبا | x", "日本語　の文", "e\u0301\u0301\u0301", "\U0001f600",
    "    indented", "a  b", "\ttab", "", " ", "> [!NOTE]", "H~2~O ^x^", "==x==", "term\n: x", "<details>",
    "x</summary>", "\ud800", "\udc9b",
]  # fmt: skip
PIECES = st.sampled_from([*HOSTILE, *"\\`*_[]()<>&|~#!@$%:;/-+=.{}'\" a1\n"])
TEXT = st.one_of(st.lists(PIECES, max_size=6).map("".join), st.text(max_size=20))


def reads(text: str) -> str:
    return safe(text).strip()


@pytest.mark.parametrize("text", HOSTILE)
def test_alone_it_is_a_paragraph(text: str) -> None:
    page = Page(inline(text))
    assert page.names == (["p"] if reads(text) else []), page.html
    assert page.text.strip() == reads(text)
    assert page.beyond == []
    assert page.comments == []
    assert "$" not in inline(text), "mathematics is found in the source"
    assert not inline(text).startswith("/"), "so are commands of GitLab"
    assert Page(f"x\n{inline(text)}").names == ["p"], "and it goes on with a paragraph"
    assert Page(f"{inline(text)}:").beyond == [], "and ours may follow"


@given(TEXT, TEXT)
@example("\\", "|")
@example("`", "`")
@example("[a]", "(b)")
@example("<", "b>")
def test_wherever_it_stands(one: str, other: str) -> None:
    a, b = inline(one), inline(other)
    lines = [f"### {a} → {b}", "", f"- **x {a}** ({b}): {a} {link(one or 'x', 'https://example.com/a(b)')}", ""]
    lines += table((f"x{a}", "y"), [(a, b), (code(one), code(other))])
    lines += ["", *fold("words", [f"x {a}, {b}"]), "", f"> x {a}", "", f"<sub>x {a}</sub>"]
    page = Page("\n".join(lines))
    known = {"h3", "ul", "li", "strong", "a", "table", "thead", "tbody", "tr", "th", "td", "code", "details",
             "summary", "p", "blockquote", "sub"}  # fmt: skip
    assert set(page.names) <= known, page.html
    assert [attributes for name, attributes in page.tags if attributes] == [{"href": "https://example.com/a%28b%29"}]
    assert page.rows == [[f"x{reads(one)}".strip(), "y"], [reads(one), reads(other)], [reads(one), reads(other)]]
    assert page.text.split("\n")[0] == f"{reads(one)} → {reads(other)}".strip()
    assert page.beyond == []
    assert page.comments == []
    assert page.names.count("details") == 1


@given(TEXT)
def test_an_address_stays_one(text: str) -> None:
    page = Page(f"x {link('title', f'https://example.com/{text}')} y")
    assert page.names == ["p", "a"], page.html
    (href,) = (attributes["href"] for name, attributes in page.tags if name == "a")
    assert href is not None
    assert href.startswith("https://example.com/")
    assert href.isascii()
    assert not set(href) & set(" \"'<>@()[]\\`")
    assert page.text == "x title y\n"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "https:",
        "https:///x",
        "",
        "x",
        "/x",
        " https://a.b",
    ],
)
def test_what_is_no_web_address_is_no_link(url: str) -> None:
    assert link("a_b <i>", url) == "a_b &lt;i>"


def test_who_signs_in_as_another_host_is_seen() -> None:
    assert "@" not in link("x", "https://github.com@evil.example/")


def test_plain_text_stays_readable() -> None:
    """The source is read too, in mails."""
    for text in (
        "Section 1.5 'Novel safeguards', pages 12-13",
        "a_b, (c) and 50% of d; x > y",
        "2026-06-11T05:56:30Z",
        "R&D & x",
    ):
        assert inline(text) == text.replace("R&D", "R&amp;D")
    assert code("frontier-llm/named") == "`frontier-llm/named`"
    assert code("a b.yaml:12") == "`a b.yaml:12`"
    assert code("a|b") == "<code>a&#124;b</code>"
    assert inline("by @ClaudeDevs") == "by @&#8203;ClaudeDevs"


def test_right_to_left_is_set_apart() -> None:
    text = inline("שלום")
    assert (text[:7], text[-7:]) == ("&#8296;", "&#8297;")
    assert [unicodedata.name(chr(number)) for number in (8296, 8297)] == [
        "FIRST STRONG ISOLATE",
        "POP DIRECTIONAL ISOLATE",
    ]
    assert "&#8296;" not in inline("日本語 é \U0001f600")
