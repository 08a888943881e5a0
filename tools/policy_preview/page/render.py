"""Pages as HTML: the only place that knows Jinja2, which the extra `report` brings.

Every text of a file goes through `clean` and autoescape; what is marked as safe is our own style, script and no more.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable, Container, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ..core import UsageError
from ..findings import printable
from ..quality.measure import Figure
from ..report.history import JOINTS, turns
from ..report.layout import plural, share
from ..report.preview import period
from ..report.quality import interval, value
from .lead import lead, left_open, numbers

_TEMPLATES = Path(__file__).parent / "templates"
_ID = re.compile(r"\b(?:[FQCP]-\d{2,}|SRC-[A-Z0-9]+)\b")  # a letter or two, digits: nothing that HTML would read
_KEPT = frozenset("\n\u00a0\u3000")  # blanks and line ends that a page can show as they are
MARKS = {"visible": "v", "on-ask": "a", "afterwards": "l", "silent": "s", "unspecified": "u"}


def clean(value: Any) -> Any:
    """A text without what could turn its direction or hide: each such character as an escape, lines kept."""
    if type(value) is not str:
        return value
    text = value.expandtabs(4) if "\t" in value else value
    return text if text.isprintable() else "".join(c if c in _KEPT else printable(c) for c in text)


def mark(word: str) -> str:
    """The class of one part of an outcome (`silent-limit`): by whether the user is told."""
    return "n" if word == "answer" else MARKS.get(word.rpartition("-")[0], "x")


def web(url: object) -> str:
    """An address that a page may link to; empty for any other, which stands as text."""
    text = str(url or "")
    return text if text.lower().startswith(("https://", "http://")) else ""


@cache
def asset(name: str) -> str:
    """The text of one of our own files beside the templates."""
    return (_TEMPLATES / name).read_text(encoding="utf-8")


@cache
def _script() -> str:
    """The parts of the script as one, so that they share their names with each other and with nothing else."""
    parts = "\n".join(asset(f"{name}.js") for name in ("address", "cases", "compare", "evidence"))
    return f'(() => {{\n"use strict";\n{parts}}})();\n'


def policy_of(style: str, script: str) -> str:
    """The content-security policy of a page: its own style and script by their hashes, and nothing else at all."""
    hashes = [b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (style, script)]
    return (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def page(name: str, href: Callable[[str], str], ids: Container[str], context: Mapping[str, Any]) -> str:
    """One page from its template. `href`: the address of an anchor as seen from this page; `ids`: of the evidence.

    Raises UsageError where the extra is not installed.
    """
    style, script = asset("style.css"), _script()
    environment = _environment()
    own = {"style": _ours(style), "script": _ours(script), "security": policy_of(style, script)}

    def refs(text: object) -> Any:
        """A text whose ids of evidence, such as Q-101, are links."""
        return _ours(_ID.sub(lambda found: _link(found[0]), str(_words(str(text).strip()))))

    def _link(id: str) -> str:
        return f'<a class="f" href="{href(id)}">{id}</a>' if id in ids else id

    return str(environment.get_template(name).render(**context, **own, href=href, refs=refs))


def need() -> None:
    """Raises UsageError where the extra is not installed, before anything is computed in vain."""
    _environment()


@cache
def _environment() -> Any:
    try:
        import jinja2
    except ImportError as error:
        raise UsageError('the report needs Jinja2: pip install "policy-preview[report]"') from error
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        finalize=clean,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        plural=plural,
        share=share,
        period=period,
        mark=mark,
        web=web,
        figure=_figure,
        lead=lead,
        numbers=numbers,
        left_open=left_open,
        turns=turns,
        JOINTS=JOINTS,
    )
    environment.filters["words"] = _words
    return environment


def _words(text: object) -> Any:
    """A text that stands between tags, quotation marks as they are: half a page of cases are such texts."""
    from markupsafe import Markup, escape

    return Markup(str(escape(clean(str(text)))).replace("&#39;", "'").replace("&#34;", '"'))  # noqa: S704  # escaped but for quotation marks, which mean nothing outside of a tag


def _ours(text: str) -> Any:
    from markupsafe import Markup

    return Markup(text)  # noqa: S704  # our own file, no text of a workspace


def _figure(one: Figure) -> tuple[str, str]:
    return value(one), interval(one)
