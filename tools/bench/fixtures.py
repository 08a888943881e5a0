"""Which faults each peer notices: every bad fixture of the tests, with the right schema for each file.

Usage: python tools/bench/fixtures.py [DIR], DIR as tools/bench/peers.py filled it, with the extra `test`.

A fault is noticed if each file that holds one is refused, by exit code, whatever is said of it. A tool of schemas is
held to what YAML and the schemas can tell, a linter to YAML; what they refuse besides is counted too. A refusal tells
something only of a tool that accepts what is good, so the template and all data of this repository are tried as well.
Prints Markdown.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import machine
from peers import REPO, TOOLS, Tool
from timing import Took, took
from validators import environment

sys.path.insert(0, str(REPO / "tools" / "tests"))
from test_fixtures import FIXTURES, FOLDERS, expected, lay

from policy_preview.findings import RULES

TEMPLATE = REPO / "tools" / "policy_preview" / "template"
_LIMIT = 30.0
_KINDS = {
    "family": "cases/",
    "policy": "spec/policies/",
    "evidence": "spec/evidence/",
    "taxonomy": "spec/taxonomy.yaml",
}
# Allowed by YAML, and refused by ours: what the files are not written in, and sizes.
_CHOICES = frozenset({"PP003", "PP011", "PP012", "PP013", "PP014", "PP015", "PP018", "PP019", "PP020"})
_BESIDE = frozenset({"PP106", "PP111"})  # of the schema stage, and not in the schemas: a newer version, a stray file
_TRACE = re.compile(r"^Traceback \(most recent call last\)|^    at \S+ .*\(?(?:file:|node:|/)", re.MULTILINE)
GROUPS = (
    "reading: no YAML, or readers differ",
    "reading: limits and habits of ours",
    "schema",
    "references and places",
    "policies",
    "cases",
    "texts",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fixture, laid over the template at `root`, and the files in it that hold a fault."""

    name: str
    root: Path
    files: tuple[str, ...]

    @property
    def code(self) -> str:
        return self.name.partition("-")[0]

    @property
    def group(self) -> str:
        if RULES[self.code].stage == "read":
            return GROUPS[int(self.code in _CHOICES)]
        if RULES[self.code].stage == "schema" and self.code not in _BESIDE:
            return GROUPS[2]
        return GROUPS[2 + int(self.code[2])]


@dataclass(slots=True)
class Verdicts:
    """What a tool made of it all. `odd`: faults at which it hung, was killed or fell over, and how."""

    title: str
    noticed: set[str] = field(default_factory=set)
    odd: dict[str, str] = field(default_factory=dict)
    good: int = 0
    refused: list[str] = field(default_factory=list)


def faults(folder: Path) -> list[Fault]:
    """Every fixture, laid out below a folder."""
    found = []
    for name in FOLDERS:
        shutil.copytree(TEMPLATE, folder / name)
        lay(FIXTURES / name, folder / name)
        marks = expected(FIXTURES / name)
        found.append(Fault(name, folder / name, tuple(dict.fromkeys(file for file, *_ in marks))))
    return found


def kind_of(file: str) -> str:
    """The kind of a file by where it lies; empty where none does."""
    return next((kind for kind, start in _KINDS.items() if file.startswith(start)), "")


def judge(tool: Tool, peers: Path | None, every: Sequence[Fault], env: Mapping[str, str], *, data: bool) -> Verdicts:
    """Run a tool over the faults and the good files; `data`: those of this repository too, which takes a while."""
    seen = Verdicts(f"{tool.name} {tool.version(peers)}")
    for fault in every:
        there = [file for file in fault.files if kind_of(file) and os.path.lexists(fault.root / file)]
        calls = [_one(tool, peers, fault.root, file, env) for file in there]
        if calls and len(calls) == len(fault.files) and all((call.code or 0) > 0 for call in calls):
            seen.noticed.add(fault.name)
        for call in calls:
            if how := _oddly(call):
                seen.odd[fault.name] = how
    for root in (TEMPLATE, REPO) if data else (TEMPLATE,):
        for kind in _KINDS:
            files = [path for path in _yaml(root) if kind_of(path.relative_to(root).as_posix()) == kind]
            seen.good += len(files)
            seen.refused += [path.relative_to(root).as_posix() for path in _refused(tool, peers, kind, files, env)]
    return seen


def ours(peers: Path | None, every: Sequence[Fault], env: Mapping[str, str], *, data: bool) -> Verdicts:
    """The same of ours, which reads a workspace at once and must name each file."""
    command = [str(peers / "ours" / "bin" / "policy-preview")] if peers else [sys.executable, "-m", "policy_preview"]
    check = [*command, "validate", "--strict", "--format", "concise"]
    seen = Verdicts("policy-preview")
    for fault in every:
        done = took(check, fault.root, _LIMIT, env)
        if done.code == 1 and all(
            re.search(rf"^{re.escape(file)}:", done.output, re.MULTILINE) for file in fault.files
        ):
            seen.noticed.add(fault.name)
        if how := _oddly(done):
            seen.odd[fault.name] = how
    for root in (TEMPLATE, REPO) if data else (TEMPLATE,):
        seen.good += len(_yaml(root))
        seen.refused += [str(root)] if took(check, root, _LIMIT, env).code else []
    return seen


def _yaml(root: Path) -> list[Path]:
    return [path for folder in ("cases", "spec") for path in sorted((root / folder).rglob("*.yaml"))]


def _schema(kind: str) -> str:
    return str(REPO / "spec" / "schema" / f"{kind}.schema.json")


def _one(tool: Tool, peers: Path | None, root: Path, file: str, env: Mapping[str, str]) -> Took:
    head = tool.head(peers, _schema(kind_of(file)))
    if head is None:
        raise ValueError(f"{tool.name} is not installed")
    return took([*head, file], root, _LIMIT, env)


def _refused(tool: Tool, peers: Path | None, kind: str, files: list[Path], env: Mapping[str, str]) -> list[Path]:
    """Those of the files that a tool refuses: all in one call, and only if that fails, halves of them."""
    head = tool.head(peers, _schema(kind))
    if not files or head is None:
        return []
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "in").mkdir()
        for number, path in enumerate(files):
            shutil.copyfile(path, Path(folder) / "in" / f"{number:04}.yaml")
        calls = tool.calls(head, Path(folder), "in")
        if all(took(call, Path(folder), 10 * _LIMIT, env).code == 0 for call in calls):
            return []
    half = len(files) // 2
    return (
        [each for part in (files[:half], files[half:]) for each in _refused(tool, peers, kind, part, env)]
        if half
        else files
    )


def _oddly(call: Took) -> str:
    """How a call ended otherwise than with a verdict; empty where it did not."""
    if call.code is None:
        return f"not done after {_LIMIT:.0f} s"
    if call.code < 0:
        return f"is killed by signal {-call.code}"
    return "stack trace" if _TRACE.search(call.output) else ""


def table(every: Sequence[Fault], seen: Sequence[Verdicts], tasks: Mapping[str, frozenset[str]]) -> str:
    """Faults noticed by group and tool; `tasks`: for what a tool is meant, by its title."""
    lines = ["| | faults | " + " | ".join(each.title for each in seen) + " |", "|---|---:|" + "---:|" * len(seen)]
    for group in GROUPS:
        names = {fault.name for fault in every if fault.group == group}
        cells = []
        for each in seen:
            count = len(each.noticed & names)
            cells.append(str(count) if group in tasks[each.title] else f"not its task{f' ({count})' if count else ''}")
        lines.append(f"| {group} | {len(names)} | {' | '.join(cells)} |")
    lines.append(
        "| good files refused | | " + " | ".join(f"{len(each.refused)} of {each.good}" for each in seen) + " |"
    )
    return "\n".join(lines)


def notes(every: Sequence[Fault], seen: Sequence[Verdicts], tasks: Mapping[str, frozenset[str]]) -> str:
    """For each tool the faults that it misses of what is its task, where it ends oddly, and good files it refuses."""
    lines = []
    for each in seen:
        missed = [f.name for f in every if f.group in tasks[each.title] and f.name not in each.noticed]
        lines.append(f"- {each.title}: misses {', '.join(missed) or 'nothing'}")
        lines += [
            f"  - {how}: {', '.join(n for n, h in each.odd.items() if h == how)}"
            for how in sorted(set(each.odd.values()))
        ]
        lines += [f"  - refuses the good {', '.join(each.refused[:8])}"] if each.refused else []
    return "\n".join(lines)


def main() -> None:
    """Judge every tool that is there and print what came of it."""
    peers = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else None
    print(f"{machine.line()}\n", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        env, every = environment(Path(folder)), faults(Path(folder) / "faults")
        seen = [ours(peers, every, env, data=True)]
        tasks = {seen[0].title: frozenset(GROUPS)}
        for tool in (tool for tool in TOOLS if tool.head(peers, "")):
            seen.append(judge(tool, peers, every, env, data=True))
            tasks[seen[-1].title] = frozenset(GROUPS[:3:2] if tool.schema else GROUPS[:1])
        print(f"{table(every, seen, tasks)}\n\n{notes(every, seen, tasks)}")


if __name__ == "__main__":
    main()
