"""Everything that the report shows, gathered once: pages are only other cuts of it. Prints nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .. import coverage as rows
from .. import progress, select
from ..build import Kinds
from ..core import Policy, UsageError
from ..coverage import Coverage
from ..findings import Map
from ..gaps import KINDS, Gap, gaps
from ..history import history
from ..quality.agree import Agreement
from ..quality.run import Quality
from ..resolve import Resolver
from ..workspace import Workspace
from . import script
from .document import Document, document
from .families import Family, families
from .record import Record, record
from .timeline import Timeline, timelines


@dataclass(frozen=True, slots=True)
class Book:
    """The whole report. `headline`: the policies whose verdicts stand beside every case; `data`: for the script."""

    taxonomy: Map
    documents: tuple[Document, ...]
    headline: tuple[Document, ...]
    timelines: tuple[Timeline, ...]
    families: tuple[Family, ...]
    cases: int
    coverage: Coverage
    gaps: tuple[Gap, ...]
    record: Record
    left_out: tuple[str, ...]
    data: dict[str, Any]
    quality: Quality | None
    agreement: tuple[Agreement, ...]

    @property
    def shown(self) -> frozenset[str]:
        """The policies that have a page here."""
        return frozenset(document.policy.id for document in self.documents)

    @property
    def followers(self) -> dict[str, list[Document]]:
        """By policy the ones that follow it."""
        found: dict[str, list[Document]] = {}
        for each in self.documents:
            found.setdefault(each.policy.follows, []).append(each)
        return found

    @property
    def shelves(self) -> list[tuple[str, list[Document]]]:
        """The policies by provider, those on record first, then what-ifs and proposals."""
        found: dict[str, list[Document]] = {}
        heads = {"counterfactual": "What-ifs", "proposed": "Proposals"}
        for each in self.documents:
            found.setdefault(heads.get(each.policy.status, each.policy.provider), []).append(each)
        return list(found.items())

    @property
    def gap_kinds(self) -> list[tuple[str, list[Gap]]]:
        return [(kind, some) for kind in KINDS if (some := [gap for gap in self.gaps if gap.kind == kind])]

    @property
    def languages(self) -> list[str]:
        return sorted({member.case.lang for family in self.families for member in family.members})


def book(
    workspace: Workspace,
    policies: Sequence[Policy],
    quality: Quality | None = None,
    agreement: Sequence[Agreement] = (),
) -> Book:
    """Gather the report of some policies over the cases in use. Raises UsageError where there is nothing to show."""
    if workspace.taxonomy is None:
        raise UsageError("the taxonomy cannot be read, and a report needs its words; see policy-preview validate")
    if not policies:
        raise UsageError("no policy is left to report on")
    cases, seen = select.by_category(workspace), Resolver()
    labels = Kinds.of(cases)
    ids = {policy.id for policy in policies}
    lines = history(workspace, seen=seen)
    steps = {step.policy.id: step for line in lines for step in line.steps}
    documents = tuple(
        document(workspace, workspace.taxonomy, policy, labels, steps, seen)
        for policy in progress.steps(policies, "following every request", lambda policy: policy.id)
    )
    shown = tuple(each for each in documents if each.policy.id in workspace.headline) or documents[:2]
    on_record = [policy for policy in policies if policy.status == "on-record"]
    return Book(
        taxonomy=workspace.taxonomy,
        documents=documents,
        headline=shown,
        timelines=timelines([line for line in lines if any(step.policy.id in ids for step in line.steps)]),
        families=tuple(families(workspace, cases, list(labels.names), shown)),
        cases=len(cases),
        coverage=rows.coverage(workspace, policies),
        gaps=gaps(on_record or policies, cases),
        record=record(workspace, {policy.id: workspace.raw[policy.id] for policy in policies}),
        left_out=tuple(workspace.left_out),
        data=script.data(documents, labels, shown),
        quality=quality,
        agreement=tuple(agreement),
    )
