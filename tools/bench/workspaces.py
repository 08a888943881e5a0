"""Makes a workspace of many cases, clean under `validate --strict`, out of the families of this repository.

Usage: python tools/bench/workspaces.py DIR [--cases N] [--files N] [--lean], default 10,000 cases in 400 files.

Spec is copied as it is. Where a file gets more cases than a family has, cases of several families of like length stand
in it, with their own labels. Every text ends with its number in words, all of one length, so that no two are alike and
no label can be told by length. `--lean` writes one sentence and few keys for each case instead, still a valid
workspace. The same arguments give the same bytes. Written as it is made: a million cases need no more memory than one.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import yaml

from policy_preview.build import text_of

REPO = Path(__file__).resolve().parents[2]
_LABELS = {"category": "", "topic": "", "span": "request", "mode": "chat", "lang": "en"}  # with their defaults
_WORDS = (
    "amber", "aspen", "birch", "brick", "cedar", "cloud", "coral", "crane",
    "daisy", "delta", "eagle", "fjord", "flint", "grove", "hazel", "heron",
    "ivory", "lemon", "lilac", "mango", "maple", "ocean", "olive", "onion",
    "pearl", "plume", "quail", "raven", "river", "straw", "tulip", "wheat",
)  # fmt: skip
_NUMBER_WORDS = 4  # of 32 words: enough for a million
_LEAN_KEYS = ("category", "topic", "span", "mode", "facets")


@dataclass(frozen=True, slots=True)
class Member:
    """A case to be copied: its labels, and its lines without the id, split where the number goes into the text."""

    labels: Mapping[str, str]
    risk: str
    before: str
    after: str
    length: int


@dataclass(frozen=True, slots=True)
class Family:
    """A family to be copied: its lines before the cases without its name, and its members, unlike ones first."""

    name: str
    head: str
    labels: Mapping[str, str]
    members: tuple[Member, ...]
    marks: int

    @property
    def lengths(self) -> tuple[int, int]:
        lengths = [member.length for member in self.members]
        return min(lengths), max(lengths)


def write(root: Path, cases: int, files: int, *, lean: bool = False) -> None:
    """A workspace of so many cases in so many files below the new folder `root`. Raises ValueError for a misfit."""
    size, rest = divmod(cases, files)
    most = len(ascii_lowercase) * (1 + len(ascii_lowercase))
    if size < 2 or size + bool(rest) > most:
        raise ValueError(f"{cases:,} cases in {files:,} files: a file holds 2 to {most} cases")
    shutil.copytree(REPO / "spec", root / "spec")
    headline = list(_loaded(REPO / "spec" / "taxonomy.yaml")["headline"])
    paths = sorted((REPO / "cases").glob("*/*.yaml"))
    read = filter(None, (_lean(path, headline) if lean else _family(path) for path in paths))
    groups = list(_groups(read, size + bool(rest)))
    for category in {group[0].labels["category"] for group in groups}:
        (root / "cases" / category).mkdir(parents=True)
    done = 0
    for number in range(files):
        group, wanted = groups[number % len(groups)], size + (number < rest)
        name = f"{group[0].name}-n{number}"
        path = root / "cases" / group[0].labels["category"] / f"{name}.yaml"
        path.write_text(_file(group, name, wanted, done), encoding="utf-8", newline="\n")
        done += wanted


def _file(group: list[Family], name: str, wanted: int, number: int) -> str:
    """The text of a file: its first family's head, and so many of the group's members, again and again."""
    members = [member for family in group for member in family.members]
    lines = [group[0].head.format(name=name)]
    for index, letters in enumerate(islice(_letters(), wanted)):
        member = members[index % len(members)]
        own = "".join(f"    {k}: {v}\n" for k, v in member.labels.items() if v != group[0].labels[k])
        lines += [f"  - id: {name}-{letters}\n", own, member.before, _in_words(number + index), member.after]
    return "".join(lines)


def _groups(families: Iterable[Family], size: int) -> Iterator[list[Family]]:
    """Families whose cases may stand in one file: one language, marks and about one length; `size` cases or fewer."""
    group: list[Family] = []
    for family in sorted(families, key=lambda family: (family.labels["lang"], family.marks, family.lengths[1])):
        if group:
            first = group[0]
            alike = (family.labels["lang"], family.marks) == (first.labels["lang"], first.marks)
            shortest = min(each.lengths[0] for each in (*group, family))
            longest = max(each.lengths[1] for each in (*group, family))
            full = sum(len(each.members) for each in group) >= size
            if full or not alike or family.marks or 4 * longest > 5 * shortest:
                yield group
                group = []
        group.append(family)
    if group:
        yield group


def _letters() -> Iterator[str]:
    """The ends of ids: a to z, then aa to zz."""
    yield from ascii_lowercase
    yield from map("".join, product(ascii_lowercase, repeat=2))


def _in_words(number: int) -> str:
    """A number in words; below a million all of one length."""
    words = list[str]()
    while number or len(words) < _NUMBER_WORDS:
        number, digit = divmod(number, len(_WORDS))
        words.append(_WORDS[digit])
    return "Our reference: " + " ".join(reversed(words)) + "."


def _loaded(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def _labels(data: Mapping[str, Any], family: Mapping[str, Any]) -> dict[str, str]:
    return {key: data.get(key, family.get(key, default)) for key, default in _LABELS.items()}


def _sorted(members: list[Member]) -> tuple[Member, ...]:
    """With an unlike one second, so that two of them suffice for a contrast; none where all are alike."""
    first = members[0]
    other = next((m for m in members if (m.risk, m.labels) != (first.risk, first.labels)), None)
    return (first, other, *(m for m in members if m is not first and m is not other)) if other else ()


def _family(path: Path) -> Family | None:
    """The family of a file as it is; none where its members cannot be copied."""
    text = path.read_text(encoding="utf-8")
    lines, data = text.splitlines(keepends=True), _loaded(path)
    starts = [number for number, line in enumerate(lines) if line.startswith("  - id: ")] + [len(lines)]
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    members = []
    for case, node, start, end in zip(data["cases"], _child(root, "cases").value, starts[:-1], starts[1:], strict=True):
        at = _end_of_text(node, lines)
        if at is None or "retired" in case or "allow" in case:
            return None
        row, indent = at
        written = [line for line in lines[start + 1 : row] if not line.startswith(tuple(f"    {k}: " for k in _LABELS))]
        before = "".join(written) + "\n" + indent
        after = "\n" + "".join(lines[row:end])
        members.append(Member(_labels(case, data), case["risk"], before, after, len(text_of(case)) + 40))
    head = "".join(lines[: starts[0]]).replace("{", "{{").replace("}", "}}")
    head = head.replace(f"family: {path.stem}\n", "family: {name}\n")
    marks = text_of(data["cases"][0]).count("withheld")
    kept = _sorted(members)
    return Family(path.stem, head, _labels(data, data), kept, marks) if kept else None


def _child(node: Any, key: str | int) -> Any:
    """What a node of the library holds under a key, or as an item; None where nothing does."""
    if isinstance(key, int):
        return node.value[key]
    return next((value for name, value in node.value if name.value == key), None)


def _end_of_text(case: Any, lines: list[str]) -> tuple[int, str] | None:
    """The row after the last line of what a case asks last, and its indent; None where that is no literal block."""
    node = _child(case, "prompt")
    if messages := _child(case, "messages"):
        node = _child(_child(messages, -1), "text")
    elif pattern := _child(case, "pattern"):
        node = _child(_child(pattern, "samples"), -1)
    if node.style != "|":
        return None
    row = node.start_mark.line + 1
    indent = lines[row][: len(lines[row]) - len(lines[row].lstrip(" "))]
    last = row
    while row < len(lines) and (not lines[row].strip() or lines[row].startswith(indent)):
        last = row if lines[row].strip() else last
        row += 1
    return last + 1, indent


def _lean(path: Path, headline: list[str]) -> Family | None:
    """The labels of a file's family with one sentence each; none where they need more keys than these."""
    data = _loaded(path)
    members = []
    for case in data["cases"]:
        if any(key in case for key in _LEAN_KEYS) or any(key in data for key in ("span", "mode", "lang")):
            return None
        expect = "".join(
            f"      {name}:\n" + "".join(f"        - {word}\n" for word in case["expect"][name]) for name in headline
        )
        before = f'    risk: {case["risk"]}\n    pivot: "what is asked"\n    prompt: "Please answer this one briefly. '
        after = f'"\n    expect:\n{expect}    rule: {case["rule"]}\n    rationale: The deciding words.\n'
        members.append(Member(_labels(case, data), case["risk"], before, after, 40))
    head = (
        f"schema: family/1\nfamily: {{name}}\ncategory: {data['category']}\ntopic: {data['topic']}\n"
        "situation: Somebody asks something.\nprovenance:\n  origin: written\n"
        f'  created: "{data["provenance"]["created"]}"\ncanary: {data["canary"]}\ncases:\n'
    )
    kept = _sorted(members)
    return Family(path.stem, head, _labels(data, data), kept, 0) if kept else None


def main() -> None:
    """Write what the arguments ask for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("root", type=Path, metavar="DIR", help="a new folder")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--files", type=int, default=400)
    parser.add_argument("--lean", action="store_true", help="one sentence and few keys for each case")
    options = parser.parse_args()
    write(options.root, options.cases, options.files, lean=options.lean)


if __name__ == "__main__":
    main()
