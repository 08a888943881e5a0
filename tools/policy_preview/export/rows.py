"""One row a case, in a stable order: its text, labels, expectations, provenance and, on request, outcomes. Pure.

Notes for maintainers and retired cases are left out. The text is what a reader of the case sees, marks of what is
withheld included; what they stand for is nowhere in the workspace.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from ..build import Case, at, split_expect
from ..core import Policy
from ..plain import flow
from ..resolve import Resolver
from ..workspace import Workspace

Row = dict[str, Any]
_DEV_IN = 5  # one family in five


def split_of(family: str) -> str:
    """`dev` for a fifth of the families, by a hash of the name, so that it never changes; `test` for the others."""
    return "test" if hashlib.sha256(family.encode()).digest()[0] % _DEV_IN else "dev"


def rows(workspace: Workspace, policies: Iterable[Policy] = ()) -> list[Row]:
    """The cases in use by family and id. `policies`: add the outcomes under them, on each of their surfaces."""
    chosen, resolve = list(policies), Resolver()
    return [_row(workspace, case, chosen, resolve) for case in sorted(workspace.used, key=lambda c: (c.family, c.id))]


def _row(workspace: Workspace, case: Case, policies: list[Policy], resolve: Resolver) -> Row:
    family, main, own = workspace.families[case.family], case.labels.facets[0], case.data
    expect = [
        dict(zip(("policy", "surface", "standing"), split_expect(key), strict=True)) | {"outcomes": list(words)}
        for key, words in case.expect.items()
    ]
    row: Row = {
        "id": case.id,
        "family": case.family,
        "split": split_of(case.family),
        "situation": flow(family.get("situation")),
        "form": next(form for form in ("messages", "pattern", "prompt") if form in own),
        "text": case.text,
        "messages": [
            {"role": str(each["role"]), "name": str(each.get("name", "")), "text": str(each["text"])}
            for each in own.get("messages", ())
        ],
        "lang": case.lang,
        "category": main.category,
        "topic": main.topic,
        "risk": main.risk,
        "further": [asdict(facet) for facet in case.labels.facets[1:]],
        "span": case.labels.span,
        "mode": case.labels.mode,
        "rule": str(own.get("rule", "")),
        "pivot": flow(own.get("pivot")),
        "rationale": flow(own.get("rationale")),
        "contested": [
            {"risk": str(each["risk"]), "reading": flow(each["reading"])} for each in own.get("contested", ())
        ],
        "hazard": int(own.get("hazard", 0)),
        "origin": str(case.provenance.get("origin", "")),
        "created": str(case.provenance.get("created", "")),
        "evidence": [str(each) for each in case.provenance.get("evidence", ())],
        "expect": expect,
        "canary": str(family.get("canary", "")),
    }
    if policies:
        row["outcomes"] = [
            _outcome(case, policy, surface, resolve) for policy in policies for surface in policy.surfaces
        ]
    return row


def _outcome(case: Case, policy: Policy, surface: str, resolve: Resolver) -> Row:
    standing = policy.standings[0]
    found = resolve(policy, at(case.labels, surface, standing))
    return {
        "policy": policy.id,
        "surface": surface,
        "standing": standing,
        "outcomes": [str(each) for each in found.outcomes],
        "altered": found.altered if found.covered else "",
        "told": found.told if found.covered else "",
    }
