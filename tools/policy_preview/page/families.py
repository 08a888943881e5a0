"""The families of cases as a reader wants them: the texts with their edits marked, the labels, what comes of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..build import Case, split_expect
from ..core import Labels, Resolution
from ..workspace import Workspace
from .document import Document
from .edits import Piece, marked


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one policy does to a case on its first surface: by which course; `otherwise`: what its author expects."""

    policy: str
    course: int
    result: Resolution
    otherwise: str


@dataclass(frozen=True, slots=True)
class Member:
    """A case. `kind`: the number of its labels among all different ones; `verdicts`: those that are alike together."""

    case: Case
    kind: int
    pieces: tuple[Piece, ...]
    verdicts: tuple[tuple[Verdict, ...], ...]


@dataclass(frozen=True, slots=True)
class Family:
    """The cases of one situation."""

    id: str
    category: str
    situation: str
    members: tuple[Member, ...]


def families(
    workspace: Workspace, cases: Sequence[Case], kinds: Sequence[Labels], shown: Sequence[Document]
) -> Iterator[Family]:
    """The families of some cases, in the order of the cases; `shown`: the policies whose verdicts stand on the page."""
    number = {labels: index for index, labels in enumerate(kinds)}
    groups: dict[str, list[Case]] = {}
    for case in cases:
        groups.setdefault(case.family, []).append(case)
    for name, members in groups.items():
        texts = marked([case.text for case in members])
        yield Family(
            name,
            members[0].home,
            workspace.families[name].get("situation", ""),
            tuple(
                Member(case, number[case.labels], tuple(pieces), _verdicts(case, number[case.labels], shown))
                for case, pieces in zip(members, texts, strict=True)
            ),
        )


def _verdicts(case: Case, kind: int, shown: Sequence[Document]) -> tuple[tuple[Verdict, ...], ...]:
    groups: dict[tuple[str, ...], list[Verdict]] = {}
    for document in shown:
        surface = document.policy.surfaces[0]
        result = document.courses.results[surface][kind]
        expected = _expected(case.expect, document.policy.id, surface)
        otherwise = "" if not expected or set(expected) == set(result.words) else " | ".join(expected)
        verdict = Verdict(document.policy.id, document.courses.taken[surface][kind], result, otherwise)
        groups.setdefault(result.words, []).append(verdict)
    return tuple(map(tuple, groups.values()))


def _expected(expect: Mapping[str, tuple[str, ...]], policy: str, surface: str) -> tuple[str, ...]:
    """What the author of a case expects of a policy on its first surface, by its first standing."""
    for key, words in expect.items():
        name, where, standing = split_expect(key)
        if name == policy and where in ("", surface) and not standing:
            return words
    return ()
