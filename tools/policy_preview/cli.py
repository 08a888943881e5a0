"""The command line: from its words to the result and the exit code."""

from __future__ import annotations

import argparse
import os
import shlex
from collections.abc import Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

from .core import MODES, SPANS, UsageError
from .parser import build
from .progress import steps
from .terminal import Terminal, asked, refused

if TYPE_CHECKING:  # the modules behind a command are imported when it runs: `--version` takes none of them
    from .build import Case
    from .core import Labels, Policy
    from .workspace import Workspace

_FAIL_ON = ("silent", "open", "any")
_IN_FULL = 4  # policies that `preview` tells in full unasked
_TERMINAL: ContextVar[Terminal] = ContextVar("_TERMINAL")


def main(arguments: Sequence[str]) -> int:
    """Run one command; the exit code."""
    terminal = Terminal(asked(arguments))
    _TERMINAL.set(terminal)
    try:
        parser = build()
        if "_ARGCOMPLETE" in os.environ:  # a shell asks what may follow
            from .complete import offer

            offer(parser, parser.commands.values())
        options = parser.parse_args(arguments)
        with terminal.watching():
            return _COMMANDS[options.command](options)
    except UsageError as error:
        terminal.note(str(error), "policy-preview: ")
    except OSError as error:  # the machine refused what nobody thought that it could
        if "POLICY_PREVIEW_TRACEBACK" in os.environ:
            raise
        terminal.note(refused(error), "policy-preview: ")
    return 2


def _out(text: str) -> None:
    _TERMINAL.get().out(text)


def _note(text: str) -> None:
    _TERMINAL.get().note(text)


def _load(options: argparse.Namespace) -> Workspace:
    """The workspace, with what is left out of it named on standard error."""
    workspace = _read(options)
    for name in workspace.left_out:
        _note(f"left out, since it is not valid: {name} (see policy-preview validate)")
    return workspace


def _read(options: argparse.Namespace) -> Workspace:
    from .workspace import load

    return load(_root(options))


def _root(options: argparse.Namespace, start: Path | None = None) -> Path:
    from .tree import find_root

    if options.root is not None and not options.root.is_dir():
        raise UsageError(f"`{options.root}` is not a folder")
    return options.root.resolve() if options.root is not None else find_root(start or Path.cwd())


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
    cases = select.by_category(workspace)
    if not cases:
        raise UsageError("no case is left to preview; give --category, --topic and --risk for a request of your own")
    found = [summarise(policy, cases, view) for policy in steps(chosen, "resolving", lambda each: each.id)]
    if options.format == "json":
        _out(machine.summaries(found, view.known_on))
    elif options.format == "csv":
        _out(machine.summaries_csv(found))
    else:
        few = bool(options.policy) or len(chosen) <= _IN_FULL
        whole = None if few else [policy.id for policy in chosen if policy.id in workspace.headline]
        _out(preview.summaries(found, view.known_on, whole or None))
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
    from .report import comment, machine
    from .report import diff as text

    words = [word.strip() for word in options.fail_on.split(",") if word.strip()]
    for word in words:
        if word not in _FAIL_ON:
            hint = did_you_mean(word, _FAIL_ON) or f"it takes {', '.join(_FAIL_ON)}"
            raise UsageError(f"--fail-on knows no `{word}`; {hint}")
    found = compare.compare(_read(options), options.sides)
    if options.format == "md":
        _out(comment.markdown(found, options.sides))
    else:
        _out(machine.diff(found) if options.format == "json" else text.text(found))
    if found.fails(words):
        return 1
    if words and found.left_out:
        raise UsageError("--fail-on cannot be decided while files are left out; see policy-preview validate")
    return 0


def _history(options: argparse.Namespace) -> int:
    from . import select
    from .history import history
    from .report import history as text
    from .report import record

    workspace = _load(options)
    select.check_provider(workspace, options.provider)
    found = history(workspace, options.provider)
    if not found:
        raise UsageError("no policy on record is left to walk through")
    _out(record.history(found) if options.format == "json" else text.text(found))
    return 0


def _coverage(options: argparse.Namespace) -> int:
    from . import select
    from .coverage import coverage
    from .report import coverage as text
    from .report import record

    workspace = _load(options)
    chosen = [select.policy(workspace, name) for name in dict.fromkeys(options.policy or select.ordered(workspace))]
    found = coverage(workspace, chosen)
    if not chosen or not found.cases:
        raise UsageError(f"no {'case' if chosen else 'policy'} is left to lay {'rows' if chosen else 'cases'} against")
    _out(record.coverage(found) if options.format == "json" else text.text(found, every_row=bool(options.policy)))
    if options.fail_under is not None and workspace.left_out:
        raise UsageError("--fail-under cannot be decided while files are left out; see policy-preview validate")
    return int(options.fail_under is not None and found.percent < options.fail_under)


def _gaps(options: argparse.Namespace) -> int:
    from . import select
    from .gaps import gaps
    from .report import gaps as text
    from .report import record

    workspace = _load(options)
    on_record = [name for name in select.ordered(workspace) if workspace.policies[name].status == "on-record"]
    chosen = [select.policy(workspace, name) for name in dict.fromkeys(options.policy or on_record)]
    cases = workspace.used
    if not chosen or not cases:
        raise UsageError(f"no {'case' if chosen else 'policy on record'} is left to look for gaps in")
    found = select.gaps(workspace, gaps(chosen, cases), options.names)
    _out(record.gaps(found) if options.format == "json" else text.text(workspace, found, whole=bool(options.names)))
    return 0


def _of_the_set(options: argparse.Namespace) -> int:
    from . import commands

    text, code = commands.COMMANDS[options.command](options, lambda: _load(options))
    _out(text)
    return code


def _validate(options: argparse.Namespace) -> int:
    from .verdict import verdict

    for path in options.paths:
        if not path.exists() and not path.is_symlink():
            raise UsageError(f"there is no `{path}`")
    found = verdict(options, _root(options, options.paths[0] if options.paths else None))
    for note in found.notes:
        _note(note)
    if found.text:
        _TERMINAL.get().out(found.text, commands=found.commands)
    return found.code


def _explain(options: argparse.Namespace) -> int:
    from . import validate  # noqa: F401  # registers the rules, so that their codes are known
    from .explain import explain
    from .report import explain as text
    from .report import machine

    found = explain(_load(options), options.name)
    _out(machine.explanation(found) if options.format == "json" else text.text(found))
    return 0


def _init(options: argparse.Namespace) -> int:
    from . import editor
    from .create import init
    from .report.layout import fill, plural, safe

    if options.schemas:
        files = editor.renew(options.folder)
        names = ", ".join(path.relative_to(options.folder).as_posix() for path in files)
        _out("\n".join(map(safe, fill(f"wrote {names} to {options.folder}", rest="  "))) + "\n")
        return 0
    files = init(options.folder)
    if options.folder / editor.SETTING not in files:
        _note(f"left as it was: {editor.SETTING.parent}; README.md shows the setting for an editor")
    lines = fill(f"wrote {plural(len(files), 'file')} to {options.folder}; next:", rest="  ")
    lines += [] if options.folder.resolve() == Path.cwd() else [f"  cd {shlex.quote(str(options.folder))}"]
    _out("\n".join(map(safe, [*lines, "  policy-preview validate", "  policy-preview preview"])) + "\n")
    return 0


def _new(options: argparse.Namespace) -> int:
    from .create import new
    from .report.layout import fill
    from .tree import display

    path = new(_load(options), options.kind, options.name)
    lines = fill(f"wrote {display(path)}; fill the blanks, then:", rest="  ")
    _out("\n".join([*lines, "  policy-preview validate"]) + "\n")
    return 0


_COMMANDS = {
    "preview": _preview,
    "diff": _diff,
    "history": _history,
    "coverage": _coverage,
    "gaps": _gaps,
    "quality": _of_the_set,
    "agreement": _of_the_set,
    "export": _of_the_set,
    "report": _of_the_set,
    "validate": _validate,
    "explain": _explain,
    "init": _init,
    "new": _new,
}
