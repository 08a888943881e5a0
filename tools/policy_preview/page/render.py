"""Pages as HTML: the only place that knows Jinja2, which the extra `report` brings.

Every text of a file goes through `clean` and autoescape; what is marked as safe is our own style, script and no more.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ..core import UsageError
from ..findings import printable
from ..quality.measure import Figure
from ..report.layout import plural, share
from ..report.preview import cause_name, period
from ..report.quality import interval, value
from .lead import lead

_TEMPLATES = Path(__file__).parent / "templates"
_KEPT = {ord(char): char for char in "\n\u00a0\u3000"}  # blanks and line ends that a page can show as they are
MARKS = {"visible": "v", "on-ask": "a", "afterwards": "l", "silent": "s", "unspecified": "u"}


def clean(value: Any) -> Any:
    """A text without what could turn its direction or hide: each such character as an escape, lines kept."""
    if type(value) is not str:
        return value
    text = value.expandtabs(4) if "\t" in value else value
    return text if text.isprintable() else "".join(c if ord(c) in _KEPT else printable(c) for c in text)


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


def policy_of(style: str, script: str) -> str:
    """The content-security policy of a page: its own style and script by their hashes, and nothing else at all."""
    hashes = [b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (style, script)]
    return (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def page(name: str, href: Callable[[str], str], context: Mapping[str, Any]) -> str:
    """One page from its template. `href`: the address of an anchor as seen from this page.

    Raises UsageError where the extra is not installed.
    """
    style, script = asset("style.css"), asset("page.js")
    environment = _environment()
    own = {"style": _ours(style), "script": _ours(script), "security": policy_of(style, script)}
    return str(environment.get_template(name).render(**context, **own, href=href))


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
        plural=plural, share=share, period=period, cause_name=cause_name, mark=mark, web=web, lead=lead, figure=_figure
    )
    return environment


def _ours(text: str) -> Any:
    from markupsafe import Markup

    return Markup(text)  # noqa: S704  # our own file, no text of a workspace


def _figure(one: Figure) -> tuple[str, str]:
    return value(one), interval(one)
