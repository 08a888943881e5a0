"""The commands about the set of cases as a whole: each gives what to print and the exit code. Prints nothing itself."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from .core import UsageError
from .progress import steps
from .report.layout import fill, plural
from .workspace import Workspace

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
    from .quality import agree, answers, learn, packets
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
    cases = {case.id: case for case in workspace.used}
    found = [
        agree.agreement(each, None if each.name.startswith(answers.CONTROL) else packets.unchanged(each, cases))
        for each in steps(chosen, "comparing readers", lambda each: each.name)
    ]
    shown = {"json": record.agreement, "md": text.markdown, "text": text.text}[options.format](found)
    return shown, int(options.fail and any(each.missed for each in found))


def _draw(options: argparse.Namespace, workspace: Workspace) -> str:
    from . import select
    from .quality import packets

    if len(options.rounds) != 1:
        raise UsageError("--draw takes the name of one new round, such as `agreement --draw /tmp/packets first`")
    cases = select.cases(workspace, options.only) if options.only else workspace.used
    if not cases:
        raise UsageError("no case is left to draw")
    folder: Path = options.draw
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

    workspace = load()
    if workspace.left_out:
        raise UsageError("nothing is exported while files are left out; see policy-preview validate")
    found = rows(workspace, [select.policy(workspace, name) for name in dict.fromkeys(options.policy or ())])
    if not found:
        raise UsageError("no case is left to export")
    path: Path = options.path
    if options.kind == "hub":
        written = hub.files(workspace, found)
        files.write_all(path, written, options.force)
        words = f"wrote {plural(len(written), 'file')} to {path}: {', '.join(sorted(written))}"
        return "\n".join(fill(words, rest="  ")) + "\n", 0
    files.write(path, files.FORMATS[options.kind](found), options.force)
    return "\n".join(fill(f"wrote {plural(len(found), 'case')} to {path}", rest="  ")) + "\n", 0


COMMANDS = {"quality": quality, "agreement": agreement, "export": export}
