"""The options of every command. What they do is in cli.py."""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from . import __version__
from .core import MODES, RISKS, SPANS, UsageError
from .help import EXITS, Formatter, epilog, overview
from .terminal import WHEN

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

_COLOR = "auto, always or never; default: auto, on a terminal unless NO_COLOR is set"


class Parser(argparse.ArgumentParser):
    """Options in full only, since an abbreviation may mean another one tomorrow; errors as ours, with the nearest word.

    Every parser but the root's stands in `commands` of the root, by name.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{**settings, "allow_abbrev": False, "formatter_class": Formatter})
        self.color = False  # Python 3.14 would colour help by rules of its own
        self.commands: Mapping[str, argparse.ArgumentParser] = {}
        self.texts: dict[str, str] = {}

    def format_help(self) -> str:
        """The root's help has its commands in groups, which argparse knows for options alone."""
        text = super().format_help()
        if not self.commands:
            return text
        before, options, after = text.partition("\noptions:\n")
        return before + overview(self.texts) + options + after

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        """As the library's, which takes it for done where nothing could be written. Raises OSError."""
        if message and file:
            with suppress(BrokenPipeError):  # a reader that has seen enough
                file.write(message)

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see `{self.prog} --help`")

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Raises UsageError for what cannot be parsed."""
        if args and args[0].startswith("--") and args[0] not in ("--help", "--version"):
            self.error(f"the command comes first, then its options, such as {args[0].partition('=')[0]}")
        options, unknown = self.parse_known_args(args, namespace)
        if unknown:
            sub = self.commands[options.command]
            word = next((word for word in unknown if word.startswith("-")), unknown[0])
            known = [name for action in sub._actions for name in action.option_strings]
            hint = _nearest(word.partition("=")[0], known)
            sub.error(f"unrecognized arguments: {' '.join(unknown)}" + (f"; {hint}" if hint else ""))
        return options

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            every = f"choose from {', '.join(map(str, action.choices))}"
            raise argparse.ArgumentError(
                action, f"invalid choice: {value!r}; {_nearest(value, action.choices) or every}"
            )


def _nearest(word: str, known: Iterable[str]) -> str:
    from .findings import did_you_mean

    return did_you_mean(word, known)


def build() -> Parser:
    """The parser; `command` of what it parses is the name of the command."""
    parser = Parser(
        prog="policy-preview",
        usage="policy-preview [-h] [--version] COMMAND ...",
        description="Write down what an AI provider's safeguards do to requests, visibly or silently, "
        "and see it before it lands.",
        epilog=EXITS,
    )
    parser.add_argument("--version", action="version", version=f"policy-preview {__version__}")
    commands = parser.add_subparsers(prog="policy-preview", metavar="COMMAND", required=True, help=argparse.SUPPRESS)
    parser.commands = commands.choices

    def add(name: str, text: str, formats: Sequence[str] = (), usual: str = "") -> argparse.ArgumentParser:
        parser.texts[name] = text
        sub = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".", epilog=epilog(name))
        sub.set_defaults(command=name)
        if name != "init":
            sub.add_argument(
                "--root", type=Path, help="the workspace; default: the nearest folder upward with spec/ and cases/"
            )
        if formats:
            words = f"{', '.join(formats)}; default: {usual}" if usual else f"default: {formats[0]}"
            first, shown = (None, "FORMAT") if usual else (formats[0], None)  # so many do not fit in the line of usage
            sub.add_argument("--format", choices=formats, default=first, metavar=shown, help=words)
        sub.add_argument("--color", choices=WHEN, default=WHEN[0], metavar="WHEN", help=_COLOR)
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

    sub = add(
        "validate", "check every file of the workspace",
        ("text", "concise", "json", "github", "sarif", "junit", "gitlab"),
        usual="text; in GitHub Actions github, which also writes the summary of the step",
    )  # fmt: skip
    sub.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="tell the findings of these files and folders alone"
    )
    sub.add_argument("--strict", action="store_true", help="exit 1 on warnings too")
    sub.add_argument("--out", type=Path, metavar="FILE", help="write the result there, over what is there")
    sub.add_argument(
        "--jobs", type=_count, default=0, metavar="N",
        help="check the cases in so many processes; default: one, and of many cases one for each processor (Linux)",
    )  # fmt: skip
    sub.add_argument("--no-cache", action="store_true", help="neither use nor keep what was found before")
    either = sub.add_mutually_exclusive_group()
    either.add_argument(
        "--config", type=Path, metavar="FILE",
        help="the configuration; default: policy-preview.toml in the workspace, or [tool.policy-preview] in its "
        "pyproject.toml",
    )  # fmt: skip
    either.add_argument("--no-config", action="store_true", help="without the configuration that a workspace brings")

    sub = add(
        "explain",
        "tell what a rule code or an id is, what it rests on and what rests on it",
        ("text", "json"),
    )
    sub.add_argument(
        "name", metavar="CODE|ID", help="PP201, F-130, Q-001, a policy, POLICY/SAFEGUARD/ROW, a case, a topic ..."
    )

    sub = add("init", "make a small valid workspace for a policy of your own")
    sub.add_argument("folder", type=_named, metavar="DIR")
    sub.add_argument(
        "--schemas", action="store_true", help="in a workspace that is there, renew the schemas that an editor goes by"
    )

    sub = add("new", "write the skeleton of a family, a policy or a file of facts")
    sub.add_argument("kind", choices=("family", "policy", "fact"))
    sub.add_argument("name", help="CATEGORY/NAME for a family, PROVIDER/NAME for a policy, NAME for facts")
    return parser


def _named(text: str) -> Path:
    if not text:  # an unset variable of a shell, and never the current folder
        raise argparse.ArgumentTypeError("the name is empty; the current folder is `.`")
    return Path(text)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) < 1000):
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to 999")
    return int(text)


def _percent(text: str) -> float:
    value = float(text)
    if not (math.isfinite(value) and 0 <= value <= 100):
        raise ValueError
    return value


_percent.__name__ = "percentage"  # as argparse names it in a message
