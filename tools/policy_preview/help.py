"""The help: commands by what one wants to do, examples that run, and the same lines whatever the terminal."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

WIDTH = 80
EXITS = (
    "Exit codes: 0 clean, 1 findings (or what --fail-on or --fail-under names), 2 could not run as asked, "
    "3 internal fault."
)
# In the order in which somebody who is new would want them.
GROUPS = {
    "see what a policy does": ("preview", "explain", "history", "gaps", "report"),
    "write one, and see what changes": ("init", "new", "validate", "diff"),
    "the cases as a set": ("coverage", "quality", "agreement", "export"),
}
EXAMPLES = {
    "preview": (
        ("", "every policy, in figures"),
        ("three-runs-c --policy fable-5-launch", "one request, step by step"),
        ("--category cyber --topic recon-osint --risk dual-use", "one of your own"),
    ),
    "diff": (
        ("", "what you changed since the last commit"),
        ("fable-5-launch fable-5-visible", "two policies"),
        ("main..HEAD --format md --fail-on silent", "two revisions, as a comment by a CI job"),
    ),
    "history": (("", "every provider"), ("anthropic", "one of them")),
    "coverage": (
        ("", "every policy in a line"),
        ("--policy fable-5-launch", "one of them, row by row"),
        ("--policy fable-5-launch --fail-under 100", "for a CI job"),
    ),
    "gaps": (("", "what to ask of whom, first what settles most"), ("Q-102", "one question, with its cases")),
    "quality": (
        ("", "the cases of this workspace"),
        ("--fail", "for a CI job"),
        ("--jsonl set.jsonl --text prompt --label kind", "another set"),
    ),
    "agreement": (
        ("", "every reading that is kept"),
        ("first", "one of them"),
        ("--draw /tmp/packets next --only three-runs", "packets for a new one"),
    ),
    "export": (
        ("csv cases.csv", "a table"),
        ("jsonl cases.jsonl --policy fable-5-launch", "with the outcomes under a policy"),
        ("hub dataset", "a folder for the hubs"),
    ),
    "report": (
        ("--out pages", "every policy, in one page"),
        ("--out pages --policy fable-5-launch", "one of them"),
        ("--out site --site", "a page each"),
    ),
    "validate": (
        ("", "everything"),
        ("spec/policies --format concise", "a folder, a line each finding"),
        ("--strict", "for a CI job"),
    ),
    "explain": (
        ("PP201", "a rule of the validator"),
        ("fable-5-launch/frontier-llm/named", "a row of a policy"),
        ("Q-102", "a question"),
    ),
    "init": (
        ("../ours", "then: cd ../ours"),
        ("policies/acme", "below this folder"),
        ("--schemas .", "after an update, for an editor"),
    ),
    "new": (
        ("family cyber/night-ferry", "three requests to fill in"),
        ("policy acme/assistant-1", "a policy"),
        ("fact acme", "sources and facts"),
    ),
}


class Formatter(argparse.HelpFormatter):
    """As argparse has it, at one width; lines that begin with a space stay as they are."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=26, width=WIDTH)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        blocks = text.split("\n\n")
        return "\n\n".join(
            block if "\n " in block else super(Formatter, self)._fill_text(block, width, indent) for block in blocks
        )


def epilog(command: str) -> str:
    """The examples of a command, then the exit codes."""
    lines = [(f"  policy-preview {command} {words}".rstrip(), what) for words, what in EXAMPLES.get(command, ())]
    size = max((len(line) for line, _ in lines), default=0)
    fits = all(size + 4 + len(what) <= WIDTH for _, what in lines)
    shown = [f"{line:<{size}}  # {what}" if fits else f"  # {what}\n{line}" for line, what in lines]
    return "\n".join(["examples:", *shown]) + "\n\n" + EXITS


def overview(texts: Mapping[str, str]) -> str:
    """Every command with what it does, by group."""
    lines = list[str]()
    for title, names in GROUPS.items():
        lines += ["", f"{title}:"]
        for name in names:
            lines += _entry(name, texts[name])
    return "\n".join([*lines, "", "policy-preview COMMAND --help tells the options of one, with examples.", ""])


def _entry(name: str, text: str) -> list[str]:
    from textwrap import wrap

    return wrap(text, WIDTH, initial_indent=f"  {name:<11}", subsequent_indent=" " * 13)
