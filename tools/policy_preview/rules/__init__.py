"""The rules over a whole workspace, a module a family. Importing this package registers them all."""

from . import (
    cases,
    expect,
    families,
    periods,
    personal,
    policy,
    precedence,
    references,
    tables,
    telling,
    text,
    vocabulary,
)

__all__ = [
    "cases",
    "expect",
    "families",
    "periods",
    "personal",
    "policy",
    "precedence",
    "references",
    "tables",
    "telling",
    "text",
    "vocabulary",
]
