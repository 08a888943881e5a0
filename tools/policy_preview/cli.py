"""The command line: the only place that prints or exits."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from . import __version__
from .core import MODES, RISKS, SPANS, UsageError

if TYPE_CHECKING:  # the modules behind a command are imported when it runs: `--version` takes none of them
    from .build import Case
    from .core import Labels, Policy
    from .workspace import Workspace

_FAIL_ON = ("silent", "open", "any")
_EXITS = "Exit codes: 0 clean, 1 findings (or what --fail-on names), 2 could not run as asked, 3 internal fault."


def main(arguments: Sequence[str]) -> int:
    """Run one command; the exit code."""
    options = _parser().parse_args(arguments)
    try:
        command: Callable[[argparse.Namespace], int] = options.command
        return command(options)
    except UsageError as error:
        _note(f"policy-preview: {error}")
        return 2


class _Parser(argparse.ArgumentParser):
    """Options in full only, since an abbreviation may mean another one tomorrow; no raw argument in a message."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{**settings, "allow_abbrev": False})

    def error(self, message: str) -> NoReturn:
        from .report.layout import safe

        super().error(safe(message))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="policy-preview",
        description="Write down what an AI provider's safeguards do to requests, visibly or silently, "
        "and see it before it lands.",
        epilog=_EXITS,
    )
    parser.add_argument("--version", action="version", version=f"policy-preview {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(
        name: str, command: Callable[[argparse.Namespace], int], text: str, formats: Sequence[str] = ()
    ) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".", epilog=_EXITS)
        sub.set_defaults(command=command)
        if name != "init":
            sub.add_argument(
                "--root", type=Path, help="the workspace; default: the nearest folder upward with spec/ and cases/"
            )
        if formats:
            sub.add_argument("--format", choices=formats, default=formats[0], help=f"default: {formats[0]}")
        return sub

    sub = add(
        "preview", _preview, "show what each policy does to every case, or to one request", ("text", "json", "csv")
    )
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
        "diff", _diff, "show which requests change, from what to what, and who is no longer told", ("text", "json")
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

    sub = add("validate", _validate, "check every file of the workspace", ("text", "concise", "json"))
    sub.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="tell the findings of these files and folders alone"
    )
    sub.add_argument("--strict", action="store_true", help="exit 1 on warnings too")

    sub = add(
        "explain",
        _explain,
        "tell what a rule code or an id is, what it rests on and what rests on it",
        ("text", "json"),
    )
    sub.add_argument(
        "name", metavar="CODE|ID", help="PP201, F-130, Q-001, a policy, POLICY/SAFEGUARD/ROW, a case, a topic ..."
    )

    sub = add("init", _init, "make a small valid workspace for a policy of your own")
    sub.add_argument("folder", type=Path, metavar="DIR")

    sub = add("new", _new, "write the skeleton of a family, a policy or a file of facts")
    sub.add_argument("kind", choices=("family", "policy", "fact"))
    sub.add_argument("name", help="CATEGORY/NAME for a family, PROVIDER/NAME for a policy, NAME for facts")
    return parser


def _out(text: str) -> None:
    """The result, on standard output. A reader that has seen enough, such as `head`, changes no exit code."""
    from .report.layout import guarded

    try:
        sys.stdout.write("\n".join(guarded(line) for line in text.split("\n")))
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is left in the buffer
        if not isinstance(error, BrokenPipeError):
            raise UsageError(f"the result cannot be written: {error.strerror}") from error


def _note(text: str) -> None:
    from .report.layout import guarded, safe

    with suppress(OSError):  # a reader that is gone changes no exit code
        print(guarded(safe(text)), file=sys.stderr)


def _load(options: argparse.Namespace) -> Workspace:
    """The workspace, with what is left out of it named on standard error."""
    workspace = _read(options)
    for name in workspace.left_out:
        _note(f"left out, since it is not valid: {name} (see policy-preview validate)")
    return workspace


def _read(options: argparse.Namespace, start: Path | None = None) -> Workspace:
    from .workspace import find_root, load

    if options.root is not None and not options.root.is_dir():
        raise UsageError(f"`{options.root}` is not a folder")
    return load(options.root.resolve() if options.root is not None else find_root(start or Path.cwd()))


def _preview(options: argparse.Namespace) -> int:
    from . import select
    from .preview import View, summarise
    from .report import machine, preview

    own = any((options.category, options.topic, options.risk, options.span, options.mode))
    if own and options.names:
        raise UsageError("name cases or give the labels of a request of your own, not both")
    select.check_date(options.known_on)
    workspace = _load(options)
    names = dict.fromkeys(options.policy or select.ordered(workspace))
    chosen = [select.policy(workspace, name) for name in names]
    if not chosen:
        raise UsageError("no policy is left to preview")
    view = View(options.surface, options.standing, options.known_on)
    select.check_view(chosen, view.surface, view.standing)
    for policy in chosen if view.standing else ():
        if view.standing not in policy.standings:
            _note(f"left out, since it knows no standing `{view.standing}`: {policy.id}")
    chosen = [policy for policy in chosen if not view.standing or view.standing in policy.standings]
    if options.names or own:
        return _trace(options, workspace, chosen, view.known_on)
    cases = [case for case in workspace.cases.values() if not case.retired]
    if not cases:
        raise UsageError("no case is left to preview; give --category, --topic and --risk for a request of your own")
    found = [summarise(policy, cases, view) for policy in chosen]
    if options.format == "json":
        _out(machine.summaries(found, view.known_on))
    else:
        _out(machine.summaries_csv(found) if options.format == "csv" else preview.summaries(found, view.known_on))
    return 0


def _trace(options: argparse.Namespace, workspace: Workspace, chosen: list[Policy], known_on: str) -> int:
    from . import select
    from .build import at
    from .report import machine, preview
    from .resolve import resolve

    if options.format == "csv":
        raise UsageError("--format csv is for the table; a trace comes as text or json")
    if not options.policy:
        chosen = [policy for policy in chosen if policy.id in workspace.headline] or chosen
    requests: list[tuple[Case | None, Labels]] = [
        (case, case.labels) for case in select.cases(workspace, options.names)
    ]
    if not requests:
        words = (options.category, options.topic, options.risk, options.span or SPANS[0], options.mode or MODES[0])
        requests = [(None, select.request(workspace, *words))]
    found = [
        (case, [resolve(policy, at(labels, options.surface, options.standing), known_on or None) for policy in chosen])
        for case, labels in requests
    ]
    if options.format == "json":
        _out(machine.traces(found))
    else:
        _out("\n".join(preview.traces(workspace, case, results) for case, results in found))
    return 0


def _diff(options: argparse.Namespace) -> int:
    from . import compare
    from .findings import did_you_mean
    from .report import diff as text
    from .report import machine

    words = [word.strip() for word in options.fail_on.split(",") if word.strip()]
    for word in words:
        if word not in _FAIL_ON:
            hint = did_you_mean(word, _FAIL_ON) or f"it takes {', '.join(_FAIL_ON)}"
            raise UsageError(f"--fail-on knows no `{word}`; {hint}")
    found = compare.compare(_read(options), options.sides)
    _out(machine.diff(found) if options.format == "json" else text.text(found))
    if found.fails(words):
        return 1
    if words and found.left_out:
        raise UsageError("--fail-on cannot be decided while files are left out; see policy-preview validate")
    return 0


def _validate(options: argparse.Namespace) -> int:
    from . import validate
    from .report import findings, machine

    for path in options.paths:
        if not path.exists() and not path.is_symlink():
            raise UsageError(f"there is no `{path}`")
    workspace = _read(options, options.paths[0] if options.paths else None)
    report = validate.run(workspace, options.paths)
    if not report.files:
        where = ", ".join(map(str, options.paths)) or workspace.root
        raise UsageError(f"nothing to check: no YAML file of this workspace under {where}")
    reporters = {"text": findings.text, "concise": findings.concise, "json": machine.findings}
    _out(reporters[options.format](report))
    return 1 if report.errors or (options.strict and report.warnings) else 0


def _explain(options: argparse.Namespace) -> int:
    from . import validate  # noqa: F401  # registers the rules, so that their codes are known
    from .explain import explain
    from .report import explain as text
    from .report import machine

    found = explain(_load(options), options.name)
    _out(machine.explanation(found) if options.format == "json" else text.text(found))
    return 0


def _init(options: argparse.Namespace) -> int:
    from .create import init
    from .report.layout import plural, safe

    files = init(options.folder)
    lines = [f"wrote {plural(len(files), 'file')} to {options.folder}; next:"]
    lines += [] if options.folder.resolve() == Path.cwd() else [f"  cd {shlex.quote(str(options.folder))}"]
    _out("\n".join(map(safe, [*lines, "  policy-preview validate", "  policy-preview preview"])) + "\n")
    return 0


def _new(options: argparse.Namespace) -> int:
    from .create import new
    from .report.layout import safe
    from .workspace import display

    path = new(_load(options), options.kind, options.name)
    _out(f"wrote {safe(display(path))}; fill the blanks, then run policy-preview validate\n")
    return 0
