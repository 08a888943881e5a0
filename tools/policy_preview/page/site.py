"""The report cut into pages: one that holds all, or one for each policy with an index, the cases and the evidence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .book import Book
from .render import page

INDEX, CASES, RECORD = "index.html", "cases.html", "evidence.html"


def whole(book: Book) -> dict[str, str]:
    """One page with everything."""
    views = ("overview", "policies", "compare", "history", "cases", "coverage", "gaps", "measures", "evidence", "words")
    context = _context(book, views, "policy-preview report")
    return {INDEX: page("page.html", lambda anchor: f"#{anchor}", book.record.ids, context)}


def site(book: Book) -> dict[str, str]:
    """By file name: the index, the cases, the evidence, and a page for each policy."""
    pages = {INDEX: _view(book, INDEX, ("overview", "compare", "history", "coverage", "gaps", "measures", "words"))}
    pages[CASES] = _view(book, CASES, ("cases",), "Cases")
    pages[RECORD] = _view(book, RECORD, ("evidence",), "Evidence")
    for document in book.documents:
        name = _file(f"policy/{document.policy.id}")
        pages[name] = _view(book, name, ("policies",), document.policy.title, documents=(document,))
    return pages


def _view(book: Book, file: str, views: tuple[str, ...], title: str = "policy-preview report", **more: Any) -> str:
    return page("page.html", _href(file), book.record.ids, {**_context(book, views, title), **more})


def _context(book: Book, views: tuple[str, ...], title: str) -> dict[str, Any]:
    data = book.data
    if "cases" in views:  # the script reads there which cases have which labels
        data = {**data, "kinds": [{"facets": kind["facets"]} for kind in data["kinds"]]}
    return {"book": book, "views": views, "title": title, "documents": book.documents, "data": data}


def _href(file: str) -> Callable[[str], str]:
    def href(anchor: str) -> str:
        target = _file(anchor)
        return f"#{anchor}" if target == file else f"{target}#{anchor}"

    return href


def _file(anchor: str) -> str:
    """The page on which an anchor stands."""
    kind, _, rest = anchor.partition("/")
    if kind in ("policy", "c") and rest:
        return f"policy-{rest.partition('/')[0]}.html"
    if kind in ("cases", "case", "family"):
        return CASES
    return RECORD if kind == "evidence" or kind[:1].isupper() else INDEX
