"""The lines of policies through time: by the library and by the command."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from policy_preview import validate
from policy_preview.history import Step, history
from policy_preview.workspace import load

pytestmark = pytest.mark.usefixtures("workspace")
Run = Callable[..., tuple[int, str, str]]
FOLDER = Path("spec/policies/acme")
B, C = "shop-sign-in-b", "shop-sign-in-c"


def edit(name: str, *pairs: tuple[str, str]) -> None:
    path = FOLDER / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


def another(name: str, follows: str, start: str, *pairs: tuple[str, str], folder: str = "acme") -> None:
    """A third version, like the second one."""
    text = (FOLDER / "assistant-2.yaml").read_text(encoding="utf-8")
    text = text.replace("id: assistant-2", f"id: {name}").replace("follows: assistant-1", f"follows: {follows}")
    text = text.replace('from: "2026-03-02"', f"from: {start}")
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    path = Path("spec/policies") / folder / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def steps(workspace: Path, provider: str = "") -> list[list[str]]:
    return [[step.policy.id for step in line.steps] for line in history(load(workspace), provider)]


def last(workspace: Path) -> Step:
    return history(load(workspace))[0].steps[-1]


def test_one_step(workspace: Path) -> None:
    first, second = history(load(workspace))[0].steps
    assert (first.after, first.joint, first.turns, first.surfaces) == ("", "", None, ())
    assert (second.after, second.joint, second.surfaces) == ("assistant-1", "meets", ("app", "api"))
    turns = second.turns
    assert turns
    assert (turns.compared, turns.changed, turns.visible) == (3, (B, C), (B, C))
    assert turns.silent + turns.decided + turns.opened + turns.told_less + turns.altered + turns.spared == ()


def test_turned_silent_decided_opened_altered_and_spared(workspace: Path) -> None:
    edit("assistant-1", ("visibility: silent", "visibility: visible"))
    edit("assistant-2", ("visibility: visible", "visibility: silent"), ("then: fires", "then: passes"),
         ("then: unspecified\n        question: Q-001", "then: fires"))  # fmt: skip
    turns = last(workspace).turns
    assert turns
    assert (turns.silent, turns.told_less, turns.decided, turns.altered) == ((B,), (B,), (B,), (B,))
    assert (turns.spared, turns.opened, turns.visible) == ((C,), (), ())


@pytest.mark.parametrize(
    ("until", "start", "joint"),
    [
        (None, '"2026-03-02"', "meets"),
        ('"2026-03-02"', '"2026-03-02"', "meets"),
        ('"2026-02-27"', '"2026-03-02"', "hole"),
        ('"2026-02"', '"2026-03-02"', "hole"),
        ('"2026-03-02T09:00Z"', '"2026-03-02T11:30Z"', "hole"),
        ('"2026-03-02T12:00Z"', '"2026-03-02"', "unsure"),
        ('"2026-03-05"', '"2026-03-02T11:30Z"', "overlap"),
        ('{after: "2026-03-01", before: "2026-03-04", question: Q-001}', '"2026-03-02"', "unsure"),
        ('{after: "2026-03-01", question: Q-001}', '"2026-03-02"', "unsure"),
        (None, '{before: "2026-03-02", question: Q-001}', "meets"),
    ],
)
def test_periods_with_and_without_hours(until: str | None, start: str, joint: str, workspace: Path) -> None:
    edit("assistant-2", ('from: "2026-03-02"', f"from: {start}"))
    if until:
        edit("assistant-1", ('from: "2026-01-05"\n', f'from: "2026-01-05"\n  until: {until}\n'))
    workspace_ = load(workspace)
    assert not workspace_.left_out
    assert last(workspace).joint == joint


def test_another_model_does_not_end_the_one_before(workspace: Path, run: Run) -> None:
    edit("assistant-2", ("  - acme-assistant\n", "  - acme-assistant-pro\n"))
    step = last(workspace)
    assert step.joint == "beside"
    assert load(workspace).policies["assistant-1"].until is None
    assert "    assistant-1 goes on beside it, for what this one does not speak for\n" in run("history")[1]
    edit("assistant-2", ("  - acme-assistant-pro\n", "  - acme-assistant-pro\n  - acme-assistant\n"))
    assert last(workspace).joint == "meets"
    edit("assistant-2", ("  - cyber\n  - none\n", "  - cyber\n"))
    assert last(workspace).joint == "beside", "it says nothing of the controls"


def test_two_that_follow_one(workspace: Path, run: Run) -> None:
    another("assistant-2b", "assistant-1", '"2026-04-01"')
    another("assistant-3", "assistant-2", '"2026-05-01"')
    assert steps(workspace) == [["assistant-1", "assistant-2", "assistant-3"], ["assistant-2b"]]
    assert "  another line from assistant-1\n" in run("history")[1]


def test_follows_one_that_is_not_there(workspace: Path, run: Run) -> None:
    edit("assistant-2", ("follows: assistant-1", "follows: assistant-0"))
    code, out, _ = run("history")
    assert (code, steps(workspace)) == (0, [["assistant-1"], ["assistant-2"]])
    assert "    follows assistant-0, which is not among the policies on record here\n" in out
    assert [finding.code for finding in validate.run(load(workspace)).findings] == ["PP121"]


def test_in_a_circle(workspace: Path) -> None:
    edit("assistant-1", ("surfaces:\n  - app", "follows: assistant-2\nsurfaces:\n  - app"))
    assert sorted(name for line in steps(workspace) for name in line) == ["assistant-1", "assistant-2"]


def test_in_force_and_not_yet_known(workspace: Path, run: Run) -> None:
    edit("assistant-1", ('- date: "2026-01-05"\n        by: provider', '- date: "2026-02"\n        by: provider'))
    first = history(load(workspace))[0].steps[0]
    assert [(each.clause, each.known) for each in first.unknown] == [("attacks", "2026-02")]
    assert first.misread == (B, C)
    assert "in force, not yet known: attacks (known 2026-02); 2 cases could be read\n" in run("history")[1]
    edit("assistant-1", ("by: provider", "by: press"))
    assert history(load(workspace))[0].steps[0].unknown[0].known == ""
    assert "attacks (never disclosed)" in run("history")[1]


def test_what_is_not_on_record_is_no_history(run: Run) -> None:
    edit(
        "assistant-1", ("status: on-record", "status: proposed"), ("provider: acme\n", "author: A\npublished: '2026'\n")
    )
    assert "assistant-1  " not in run("history")[1]
    (FOLDER / "assistant-2.yaml").unlink()
    assert run("history") == (2, "", "policy-preview: no policy on record is left to walk through\n")


def test_nothing_to_compare(run: Run) -> None:
    edit("assistant-2", ("  - app\n  - api\nstandings", "  - cloud\nstandings"))
    assert "no surface in common, so no case can be compared" in run("history")[1]
    edit("assistant-2", ("  - cloud\nstandings", "  - app\nstandings"), ("  - cyber\n", ""))
    assert "no case is in what both speak about" in run("history")[1]


def test_other_detail_and_a_new_surface(workspace: Path, run: Run) -> None:
    offered = ("  - app\n  - api\nstandings", "  - app\n  - api\n  - cloud\nstandings")
    held = ("          - app\n          - api\n", "          - app\n          - api\n          - cloud\n")
    another("assistant-3", "assistant-2", '"2026-05-01"', ("channel: in-conversation", "channel: email"), offered, held)
    turns = last(workspace).turns
    assert turns
    assert (turns.changed, turns.detail) == ((), (B, C))
    out = run("history")[1]
    assert "    none of 3 cases that both speak about changes; 2 in detail only\n    new surfaces: cloud\n" in out


def test_each_version_is_read_for_its_own_default_standing(workspace: Path) -> None:
    edit("assistant-2", ("  - id: general\n", "  - id: anybody\n"))
    turns = last(workspace).turns
    assert turns
    assert turns.visible == (B, C)


def test_providers(workspace: Path, run: Run) -> None:
    alone = (("provider: acme", "provider: zenith"), ("follows: assistant-1\n", ""))
    another("other-1", "assistant-1", '"2026-04-01"', *alone, folder="zenith")
    assert steps(workspace) == [["assistant-1", "assistant-2"], ["other-1"]]
    assert steps(workspace, "zenith") == [["other-1"]]
    assert run("history zenth") == (
        2, "", "policy-preview: no policy on record is of a provider `zenth`; did you mean `zenith`?\n"
    )  # fmt: skip


def test_a_folder_of_another_provider(workspace: Path) -> None:
    another("other-1", "assistant-2", '"2026-04-01"', folder="nobody")
    found = [(finding.place.file, finding.code) for finding in validate.run(load(workspace)).findings]
    assert found == [("spec/policies/nobody/other-1.yaml", "PP225")]


def test_text(run: Run) -> None:
    assert run("history acme") == (
        0,
        "acme\n\n"
        "  assistant-1  Acme Assistant as released\n"
        "    in force from 2026-01-05 until 2026-03-02, for acme-assistant\n\n"
        "  assistant-2  Acme Assistant since March\n"
        "    in force from 2026-03-02, for acme-assistant\n"
        "    begins where assistant-1 ends\n"
        "    2 of 3 cases change: 2 turned visible, 0 silent, 0 decided, 0 open\n\n"
        "A case counts where it changes on any surface that both versions have, by\ndefault standing.\n",
        "",
    )


def test_json(run: Run) -> None:
    data = json.loads(run("history --format json")[1])
    assert data["format"] == "policy-preview/history/1"
    second = data["lines"][0]["policies"][1]
    assert second["in_force"] == {"from": "2026-03-02", "until": None}
    assert (second["follows"], second["joint"], second["not_yet_known"]) == ("assistant-1", "meets", [])
    assert second["turns"] == {
        "compared": 3, "changed": [B, C], "visible": [B, C], "silent": [], "decided": [], "opened": [], "detail": [],
        "told_more": [], "told_less": [], "altered": [], "spared": [], "standings": [],
    }  # fmt: skip


def test_hundreds_of_policies(workspace: Path) -> None:
    """A chain of 300 versions, a day each; every command stays within seconds."""
    before = "assistant-2"
    for number in range(300):
        name, day = f"version-{number}", f'"2026-{4 + number // 28:02}-{1 + number % 28:02}"'
        another(name, before, day if number < 250 else f'"2027-01-{1 + number % 28:02}T00:{number % 60:02}Z"')
        before = name
    begun = time.perf_counter()
    loaded = load(workspace)
    lines = history(loaded)
    assert time.perf_counter() - begun < 20
    assert [len(line.steps) for line in lines] == [302]


def test_the_line_goes_on_with_the_one_that_ends_the_version(workspace: Path) -> None:
    """A new model's policy of the same day stands beside; here the other one sorts first by name."""
    another("another-model", "assistant-2", '"2026-05-01"', ("  - acme-assistant\n", "  - acme-pro\n"))
    another("assistant-3", "assistant-2", '"2026-05-01"')
    assert steps(workspace) == [["assistant-1", "assistant-2", "assistant-3"], ["another-model"]]
    joints = {step.policy.id: step.joint for line in history(load(workspace)) for step in line.steps}
    assert (joints["assistant-3"], joints["another-model"]) == ("meets", "meets")


def test_what_changes_for_another_standing_alone_is_told(workspace: Path, run: Run) -> None:
    trusted = ("    title: Any account\n", "    title: Any account\n  - id: trusted\n    title: A trusted account\n")
    for name in ("assistant-1", "assistant-2"):
        edit(name, trusted)
    another("assistant-3", "assistant-2", '"2026-05-01"')
    turns = last(workspace).turns
    assert turns
    assert turns.standings == ()
    row = "      - id: free\n        standing: trusted\n        then: passes\n        evidence: [F-003]\n"
    edit("assistant-3", ("    rows:\n", "    rows:\n" + row))
    turns = last(workspace).turns
    assert turns
    assert (turns.changed, turns.standings) == ((), ("trusted",))
    assert "    none of 3 cases that both speak about changes; more as trusted\n" in run("history")[1]
