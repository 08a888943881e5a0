"""The examples of spec/README.md say what the resolver says, and every point of the semantics has some."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from policy_preview import build, core, schema
from policy_preview.core import Facet, Labels, Policy, Resolution, UsageError
from policy_preview.resolve import resolve

sys.path.insert(0, str(Path(__file__).parent))
from spec_page import blocks, numbered, read, section, workspace  # beside this file

POINTS = 8
_RESULT = {"outcome", "decided", "altered", "told", "open by", "jointly", "delayed", "errs", "exposed", "detail"}
_SMALL = {"safeguards", "precedence", "conditions", "covers", "surfaces", "standings"}
_KEYS = {"policy", "request", "known on", "error"} | _RESULT | _SMALL


def policy_of(example: Mapping[str, Any]) -> Policy:
    """The policy that an example names, or the small one that it holds with what it leaves out put in."""
    assert ("policy" in example) != ("safeguards" in example)
    if "policy" in example:
        assert not _SMALL & set(example)
        return workspace().policies[example["policy"]]
    evidence = {"evidence": ["F-000"]}
    surfaces = example.get("surfaces", ["app", "api"])
    told = {"date": "2026", "by": "provider", "where": "a page", **evidence}

    def effect(written: Mapping[str, Any]) -> dict[str, Any]:
        whole = {"id": "everywhere", "surfaces": surfaces, **evidence, **written}
        if "options" in whole:
            whole["options"] = [{**evidence, **option} for option in whole["options"]]
        return whole

    def safeguard(written: Mapping[str, Any]) -> dict[str, Any]:
        whole = {"title": written["id"], "disclosed": [told], **written}
        whole["rows"] = [{**evidence, **row} for row in written["rows"]]
        whole["effects"] = [effect(each) for each in written["effects"]]
        return whole

    data: dict[str, Any] = {"schema": "policy/1", "id": "small", "title": "A small policy", "status": "proposed"}
    data |= {"author": "spec/README.md", "published": "2026", "subject": ["any"], "surfaces": surfaces}
    data["covers"] = example.get("covers", ["cyber", "bio-chem"])
    data["standings"] = [{"id": name, "title": name} for name in example.get("standings", ["general"])]
    data["safeguards"] = [safeguard(each) for each in example["safeguards"]]
    if "conditions" in example:
        data["conditions"] = [{**evidence, **each} for each in example["conditions"]]
    if "precedence" in example:
        data["precedence"] = {"order": example["precedence"], **evidence}
    built = read(json.dumps(data))
    assert schema.check(built, "policy", core.Place("small")) == []
    assert not set(re.findall(r"Q-[0-9]+", json.dumps(data))) & set(workspace().known("question"))
    return build.policy(built)


def labels_of(request: Mapping[str, Any]) -> Labels:
    """The labels of a request, all of them words that the schema and the taxonomy know."""
    assert set(request) <= {"category", "topic", "risk", "facets", "span", "mode", "surface", "standing"}
    facets = tuple(
        Facet(each["category"], each["topic"], each["risk"]) for each in [request, *request.get("facets", [])]
    )
    for facet in facets:
        assert facet.category == workspace().known("topic")[facet.topic][0].data["category"]
        assert facet.risk in core.RISKS
    found = Labels(
        facets, **{name: request[name] for name in ("span", "mode", "surface", "standing") if name in request}
    )
    assert found.span in core.SPANS
    assert found.mode in core.MODES
    assert not found.surface or found.surface in workspace().known("surface")
    return found


def result_of(found: Resolution) -> dict[str, Any]:
    """What the resolver says, in the words of an example."""
    hits = [(step.safeguard, row) for step in found.trace for _, row in step.hits if row]
    return {
        "outcome": str(found),
        "decided": found.decided,
        "altered": found.altered,
        "told": found.told,
        "open by": sorted(f"{cause.kind} {', '.join(cause.key)}" for cause in found.causes),
        "jointly": found.jointly,
        "delayed": found.delayed,
        "exposed": found.exposed,
        "errs": [f"{safeguard}/{row.id}" for safeguard, row in hits if row.errs],
        "detail": sorted(
            f"{word} {name}: {value}" for o in found for word, detail in o.detail for name, value in detail
        ),
    }


@pytest.mark.parametrize(("name", "body"), numbered("example"))
def test_example(name: str, body: str) -> None:
    assert not name
    example = read(body)
    assert set(example) <= _KEYS
    policy, labels = policy_of(example), labels_of(example["request"])
    stated = {key: example[key] for key in example if key in _RESULT}
    if "error" in example:
        assert not stated
        with pytest.raises(UsageError, match=re.escape(example["error"])):
            resolve(policy, labels)
        return
    found = resolve(policy, labels, example.get("known on"))
    assert not any(step.state == "unknown" for step in found.trace)
    if not found.covered:
        assert stated == {"outcome": str(found)}
        return
    assert {"outcome", "decided", "altered", "told"} <= set(stated)
    result = result_of(found)
    meant = {"open by": [], "jointly": False, "delayed": False} | stated
    meant["open by"] = sorted(meant["open by"])
    assert meant == {key: result[key] for key in meant}


def test_every_point_has_examples() -> None:
    headings = re.findall(r"^### (Point ([0-9]+): .*)$", section("## The semantics, point by point"), re.MULTILINE)
    assert [int(number) for _, number in headings] == list(range(1, POINTS + 1))
    for title, _ in headings:
        assert blocks("example", section(f"### {title}")), title
