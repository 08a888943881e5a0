"""The commands about the set of cases as a whole: each gives what to print and the exit code. Prints nothing itself."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .core import UsageError
from .progress import steps
from .report.layout import fill, plural
from .workspace import Workspace

if TYPE_CHECKING:
    from .quality.agree import Agreement
    from .quality.answers import Round
    from .quality.run import Quality

Load = Callable[[], Workspace]


def quality(options: argparse.Namespace, load: Load) -> tuple[str, int]:
    """Measure the cases, or the lines of another set."""
    from .quality import items
    from .quality.run import measure_set
    from .report import quality as text
    from .report import record

    if options.jsonl is not None:
        other = items.of_jsonl(options.jsonl, options.text or "text", options.label or "label", options.group)
        found = measure_set(other)
    elif options.text or options.label or options.group:
        raise UsageError("--text, --label and --group are keys of a set that --jsonl names")
    else:
        workspace = load()
        if options.fail and workspace.left_out:
            raise UsageError("--fail cannot be decided while files are left out; see policy-preview validate")
        found = measure_set(items.of_cases(workspace), workspace)
    shown = {"json": record.quality, "md": text.markdown, "text": text.text}[options.format](found)
    return shown, int(options.fail and bool(found.missed or found.unknown))


def agreement(options: argparse.Namespace, load: Load) -> tuple[str, int]:
    """The figures of past readings, or packets for a new one."""
    from .quality import answers, learn
    from .report import agreement as text
    from .report import record

    workspace = load()
    if options.draw is not None:
        return _draw(options, workspace), 0
    if options.only or options.seed:
        raise UsageError("--only and --seed are for --draw")
    learn.need()
    every = {each.name: each for each in answers.rounds(workspace.root / "cases" / "agreement")}
    for name in options.rounds:
        if name not in every:
            raise UsageError(f"there is no round `{name}`; there are {', '.join(every)}")
    chosen = [every[name] for name in options.rounds or every]
    found = _agreement(workspace, chosen)
    shown = {"json": record.agreement, "md": text.markdown, "text": text.text}[options.format](found)
    return shown, int(options.fail and any(each.missed for each in found))


def _agreement(workspace: Workspace, rounds: Sequence[Round]) -> list[Agreement]:
    """The figures of past readings; of a control it is not told how many of its texts stand as they were read."""
    from .quality import agree, answers, packets

    cases = {case.id: case for case in workspace.used}
    return [
        agree.agreement(each, None if each.name.startswith(answers.CONTROL) else packets.unchanged(each, cases))
        for each in steps(rounds, "comparing readers", lambda each: each.name)
    ]


def _draw(options: argparse.Namespace, workspace: Workspace) -> str:
    from . import select
    from .quality import packets
    from .writing import stays

    if len(options.rounds) != 1:
        raise UsageError("--draw takes the name of one new round, such as `agreement --draw /tmp/packets first`")
    cases = select.cases(workspace, options.only) if options.only else workspace.used
    if not cases:
        raise UsageError("no case is left to draw")
    folder: Path = options.draw
    stays(folder, workspace.root)
    drawn, name = packets.draw(cases, options.seed), options.rounds[0]
    packets.write(workspace, drawn, folder, workspace.root / "cases" / "agreement", name)
    size = f"{plural(len(cases), 'text')} into {plural(len(drawn), 'packet')} below {folder}"
    home = f"cases/agreement/{name}"
    words = f"drew {size}; the key is in {home}, and what readers answer goes to {home}/answers/PACKET.READER.jsonl"
    return "\n".join(fill(words, rest="  ")) + "\n"


def export(options: argparse.Namespace, load: Load) -> tuple[str, int]:
    """Write the cases. Nothing is written while files are left out: a dataset is whole or not there."""
    from . import select
    from .export import files, hub
    from .export.rows import rows
    from .writing import stays

    workspace = load()
    if workspace.left_out:
        raise UsageError("nothing is exported while files are left out; see policy-preview validate")
    found = rows(workspace, [select.policy(workspace, name) for name in dict.fromkeys(options.policy or ())])
    if not found:
        raise UsageError("no case is left to export")
    path: Path = options.path
    stays(path, workspace.root)
    if options.kind == "hub":
        written = hub.files(workspace, found)
        files.write_all(path, written, options.force)
        words = f"wrote {plural(len(written), 'file')} to {path}: {', '.join(sorted(written))}"
        return "\n".join(fill(words, rest="  ")) + "\n", 0
    files.write(path, files.FORMATS[options.kind](found), options.force)
    return "\n".join(fill(f"wrote {plural(len(found), 'case')} to {path}", rest="  ")) + "\n", 0


def report(options: argparse.Namespace, load: Load) -> tuple[str, int]:
    """Write the policies, their history and the cases as pages. What is not valid is left out, and the page says so."""
    from . import select
    from .page import render
    from .page.book import book
    from .page.folder import own_folder
    from .page.site import site, whole
    from .quality import learn
    from .writing import stays

    render.need()
    workspace = load()
    names = dict.fromkeys(options.policy or select.ordered(workspace))
    chosen = [select.policy(workspace, name) for name in names]
    if options.measure:
        learn.need()
    found = book(workspace, chosen, *(_measured(workspace) if options.measure else ()))
    pages = {name: text.encode() for name, text in (site if options.site else whole)(found).items()}
    folder: Path = options.out
    stays(folder, workspace.root)
    own_folder(folder, pages)
    size = sum(map(len, pages.values())) / 1e6
    what = f"{plural(len(pages), 'page')}, {size:.1f} MB, on {plural(len(chosen), 'policy')}"
    what += f" and {plural(found.cases, 'case')}"
    return "\n".join(fill(f"wrote {what}; open {folder / 'index.html'}", rest="  ")) + "\n", 0


def _measured(workspace: Workspace) -> tuple[Quality, list[Agreement]]:
    from .quality import answers, items
    from .quality.run import measure_set

    home = workspace.root / "cases" / "agreement"
    rounds = answers.rounds(home) if any(home.glob("*/key.json")) else []
    return measure_set(items.of_cases(workspace), workspace), _agreement(workspace, rounds)


COMMANDS = {"quality": quality, "agreement": agreement, "export": export, "report": report}
