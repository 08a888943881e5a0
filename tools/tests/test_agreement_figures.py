"""The figures of agreement, on readings for which they are known beforehand."""

from __future__ import annotations

from pathlib import Path

import pytest
from rounds import HOME, labelled, read  # beside this file

from policy_preview.quality import agree, answers


@pytest.fixture
def home(workspace: Path) -> Path:
    """A workspace, for a round to lie in."""
    return workspace


def test_all_agree(home: Path) -> None:
    labels = [labelled(risk) for risk in ("benign", "dual-use", "restricted") * 10]
    found = agree.agreement(read(home, labels, a=labels, b=labels))
    for block in (found.between, found.with_label):
        figures = {figure.of: figure for figure in block}
        assert figures["risk, kappa"].value == 1.0
        assert figures["risk, ordinal alpha"].value == 1.0
        assert figures["benign/restricted swapped"].value == 0.0
        assert figures["category, kappa"].value is None, "one value alone: nothing to agree beyond"
        assert figures["risk, kappa"].met is True
    assert (found.readers, found.missed) == (2, 0)
    assert {figure.of: figure.over for figure in found.with_label}["risk, kappa"] == "60/30"


def test_kappa_and_alpha_by_hand(home: Path) -> None:
    # Ten texts: eight alike (4 benign, 4 restricted), one benign/dual-use, one benign/restricted.
    one = [labelled(r) for r in ["benign"] * 4 + ["restricted"] * 4 + ["benign", "benign"]]
    two = [labelled(r) for r in ["benign"] * 4 + ["restricted"] * 4 + ["dual-use", "restricted"]]
    figures = {f.of: f for f in agree.agreement(read(home, one, a=one, b=two)).between}
    chance = (10 / 20) ** 2 + (1 / 20) ** 2 + (9 / 20) ** 2
    assert figures["risk, kappa"].value == pytest.approx((0.8 - chance) / (1 - chance))
    # Coincidences: bb 8, rr 8, bd 2, br 2 with margins 10, 1, 9; ordinal distances by Krippendorff's formula.
    bd, br, dr = (10 + 1 - 11 / 2) ** 2, (20 - 19 / 2) ** 2, (1 + 9 - 10 / 2) ** 2
    seen, expected = 2 * bd + 2 * br, 2 * (10 * 1 * bd + 10 * 9 * br + 1 * 9 * dr) / 19
    assert figures["risk, ordinal alpha"].value == pytest.approx(1 - seen / expected)
    assert figures["risk, the same"].value == 0.8
    assert figures["benign/restricted swapped"].value == 0.1
    assert figures["benign/restricted swapped"].met is False


def test_chance_agreement_is_nought(home: Path) -> None:
    risks = ["benign", "restricted"]
    one = [labelled(risks[n % 2]) for n in range(40)]
    two = [labelled(risks[n // 2 % 2]) for n in range(40)]
    figures = {f.of: f for f in agree.agreement(read(home, one, a=two)).with_label}
    assert figures["risk, kappa"].value == pytest.approx(0.0)
    low, high = figures["risk, kappa"].low, figures["risk, kappa"].high
    assert low is not None
    assert high is not None
    assert low < 0 < high


def test_a_control_has_no_target(home: Path) -> None:
    labels = [labelled(risk) for risk in ("benign", "restricted") * 6]
    read(home, labels, a=labels[::-1])
    (home / HOME / "made").rename(home / HOME / "control-made")
    found = agree.agreement(answers.rounds(home / HOME)[0])
    assert found.missed == 0
    assert {figure.target for figure in found.with_label} == {""}


def test_cannot_tell_counts_against(home: Path) -> None:
    labels = [labelled(risk) for risk in ("benign", "dual-use", "restricted") * 4]
    given = [dict(label) for label in labels]
    given[0]["cannot_tell"] = True
    figures = {f.of: f for f in agree.agreement(read(home, labels, a=given)).with_label}
    assert figures["cannot tell"].value == pytest.approx(1 / 12)
    assert figures["risk, the same"].value == pytest.approx(11 / 12)
    assert figures["risk, ordinal alpha"].value == 1.0, "of those that could be told"


def test_blocks_by_category_language_and_contest(home: Path) -> None:
    labels = [
        labelled("benign"),
        labelled("restricted", category="other", lang="ja"),
        labelled("dual-use", contested=["benign", "dual-use"]),
    ]
    figures = {f.of: f for f in agree.agreement(read(home, labels * 4, a=labels * 4)).with_label}
    for name in ("risk, kappa, cyber", "topic, kappa, other", "risk, kappa, not in English", "risk, kappa, contested"):
        assert name in figures
    assert "risk, kappa, other" not in figures, "of one risk alone"
