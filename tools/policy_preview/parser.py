"""The options of every command. What they do is in cli.py."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from . import __version__
from .core import MODES, RISKS, SPANS

_EXITS = (
    "Exit codes: 0 clean, 1 findings (or what --fail-on or --fail-under names), 2 could not run as asked, "
    "3 internal fault."
)


class _Parser(argparse.ArgumentParser):
    """Options in full only, since an abbreviation may mean another one tomorrow; no raw argument in a message."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{**settings, "allow_abbrev": False})

    def error(self, message: str) -> NoReturn:
        from .report.layout import safe

        super().error(safe(message))


def build() -> argparse.ArgumentParser:
    """The parser; `command` of what it parses is the name of the command."""
    parser = _Parser(
        prog="policy-preview",
        description="Write down what an AI provider's safeguards do to requests, visibly or silently, "
        "and see it before it lands.",
        epilog=_EXITS,
    )
    parser.add_argument("--version", action="version", version=f"policy-preview {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(name: str, text: str, formats: Sequence[str] = ()) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".", epilog=_EXITS)
        sub.set_defaults(command=name)
        if name != "init":
            sub.add_argument(
                "--root", type=Path, help="the workspace; default: the nearest folder upward with spec/ and cases/"
            )
        if formats:
            sub.add_argument("--format", choices=formats, default=formats[0], help=f"default: {formats[0]}")
        return sub

    sub = add("preview", "show what each policy does to every case, or to one request", ("text", "json", "csv"))
    sub.add_argument("names", nargs="*", metavar="CASE|FAMILY", help="tell the trace of these cases instead")
    sub.add_argument("--policy", action="append", help="only this policy; may be given several times")
    sub.add_argument("--surface", default="", help="where the request arrives; default: each policy's first")
    sub.add_argument("--standing", default="", help="what the account is; default: each policy's first")
    sub.add_argument("--known-on", default="", metavar="DATE", help="leave out what the provider disclosed later")
    sub.add_argument("--category", help="with --topic and --risk: a request that is not in the set")
    sub.add_argument("--topic", help="its topic")
    sub.add_argument("--risk", choices=RISKS, help="its risk")
    sub.add_argument("--span", choices=SPANS, help=f"its span; default: {SPANS[0]}")
    sub.add_argument("--mode", choices=MODES, help=f"its mode; default: {MODES[0]}")

    sub = add(
        "diff",
        "show which requests change, from what to what, and who is no longer told; json names every case, md is a "
        "comment for a pull request",
        ("text", "json", "md"),
    )
    sub.add_argument(
        "sides", nargs="*", metavar="OLD NEW | A..B | REVISION",
        help="two policies (ids or files), two revisions, or one that the working tree is held against; "
        "default: the working tree against the merge base, or HEAD",
    )  # fmt: skip
    sub.add_argument(
        "--fail-on", default="", metavar="WORDS",
        help="exit 1 if somebody is told less or altered silently anew (silent), what was decided is open (open), "
        "or anything changes (any); commas between",
    )  # fmt: skip

    sub = add("history", "walk through a provider's policies by date: what each step changed", ("text", "json"))
    sub.add_argument("provider", nargs="?", default="", metavar="PROVIDER", help="only this provider's")

    sub = add("coverage", "lay the rows of policies against the cases, both ways", ("text", "json"))
    sub.add_argument("--policy", action="append", help="only this policy, row by row; may be given several times")
    sub.add_argument(
        "--fail-under", type=_percent, metavar="PERCENT",
        help="exit 1 if fewer of the rows have enough cases with a sibling on the row's other side",
    )  # fmt: skip

    sub = add("gaps", "list what the texts leave open, first what would decide most", ("text", "json"))
    sub.add_argument(
        "names", nargs="*", metavar="KEY", help="only this question, row, condition or safeguard, with its cases"
    )
    sub.add_argument(
        "--policy", action="append", help="only this policy; may be given several times; default: those on record"
    )

    sub = add("quality", "measure the set of cases: what gives a label away, what is thin", ("text", "json", "md"))
    sub.add_argument(
        "--jsonl", type=Path, metavar="FILE", help="measure another set instead, a JSON object on each line"
    )
    sub.add_argument("--text", default="", metavar="KEY", help="with --jsonl: the key of the text; default: text")
    sub.add_argument(
        "--label", default="", metavar="KEY", help="with --jsonl: the label's key; labels rank as they sort"
    )
    sub.add_argument("--group", default="", metavar="KEY", help="with --jsonl: the key of what is kept together")
    sub.add_argument("--fail", action="store_true", help="exit 1 if a figure misses its target, or cannot be computed")

    sub = add("agreement", "how far blind readers agree with each other and with the labels", ("text", "json", "md"))
    sub.add_argument("rounds", nargs="*", metavar="ROUND", help="only these readings; default: all in cases/agreement")
    sub.add_argument("--fail", action="store_true", help="exit 1 if a figure misses its target")
    sub.add_argument(
        "--draw", type=Path, metavar="DIR",
        help="draw the packets of a new ROUND into this new folder instead; its key goes to cases/agreement/ROUND",
    )  # fmt: skip
    sub.add_argument("--only", action="append", metavar="CASE|FAMILY", help="with --draw: only these; may be repeated")
    sub.add_argument("--seed", type=int, default=0, help="with --draw: the order of the texts hangs on it; default: 0")

    sub = add("export", "write the cases as a table, or as a dataset folder for the hubs")
    sub.add_argument(
        "kind", choices=("jsonl", "csv", "parquet", "hub"), help="hub: a folder with the cases, a card and Croissant"
    )
    sub.add_argument("path", type=Path, metavar="PATH", help="the new file, or the folder of hub")
    sub.add_argument("--policy", action="append", help="add the outcomes under this policy; may be given several times")
    sub.add_argument("--force", action="store_true", help="write over what is there")

    sub = add("report", "write the policies, their history and the cases as pages for a browser")
    sub.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new or empty folder, or one of a report")
    sub.add_argument("--site", action="store_true", help="a page for each policy and an index; default: one page")
    sub.add_argument("--policy", action="append", help="only this policy; may be given several times")
    sub.add_argument(
        "--measure", action="store_true", help="add the figures of quality and agreement, which takes a while"
    )

    sub = add("validate", "check every file of the workspace", ("text", "concise", "json"))
    sub.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="tell the findings of these files and folders alone"
    )
    sub.add_argument("--strict", action="store_true", help="exit 1 on warnings too")

    sub = add(
        "explain",
        "tell what a rule code or an id is, what it rests on and what rests on it",
        ("text", "json"),
    )
    sub.add_argument(
        "name", metavar="CODE|ID", help="PP201, F-130, Q-001, a policy, POLICY/SAFEGUARD/ROW, a case, a topic ..."
    )

    sub = add("init", "make a small valid workspace for a policy of your own")
    sub.add_argument("folder", type=Path, metavar="DIR")

    sub = add("new", "write the skeleton of a family, a policy or a file of facts")
    sub.add_argument("kind", choices=("family", "policy", "fact"))
    sub.add_argument("name", help="CATEGORY/NAME for a family, PROVIDER/NAME for a policy, NAME for facts")
    return parser


def _percent(text: str) -> float:
    value = float(text)
    if not (math.isfinite(value) and 0 <= value <= 100):
        raise ValueError
    return value


_percent.__name__ = "percentage"  # as argparse names it in a message
