"""Links that lead out of a workspace are not followed, and what a cut run left behind in it is not read."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from traps import CARD, TEMPLATE, Run  # beside this file

from policy_preview.complete import names
from policy_preview.writing import HALF

FAMILY = Path("cases/cyber/shop-sign-in.yaml")


def test_links_to_secrets(workspace: Path, tmp_path: Path, run: Run) -> None:
    """Each file that a command publishes or hands on, as a link to one outside."""
    secret = tmp_path / "secret"
    secret.write_text("## Labelling guide\n\nSECRET\n", encoding="utf-8")
    home = workspace / "cases" / "agreement"
    (home / "r" / "answers").mkdir(parents=True)
    ordinary = {"cases/README.md": "## Labelling guide\n", "cases/card.json": json.dumps(CARD),
                "cases/agreement/INSTRUCTIONS.md": "x", "cases/agreement/r/key.json": '{"texts": []}'}  # fmt: skip
    for name, text in ordinary.items():
        (workspace / name).write_text(text, encoding="utf-8")
    for name, command in (
        ("cases/README.md", "export hub out"), ("cases/card.json", "export hub out"),
        ("cases/README.md", "agreement --draw out first"),
        ("cases/agreement/INSTRUCTIONS.md", "agreement --draw out first"),
        ("cases/agreement/r/key.json", "agreement"), ("cases/agreement/r/about.json", "agreement"),
        ("cases/agreement/r/answers/p01.a.jsonl", "agreement"),
    ):  # fmt: skip
        for target in (secret, Path("/dev/zero"), tmp_path / "pipe"):
            (workspace / name).unlink(missing_ok=True)
            if target.name == "pipe":
                os.mkfifo(workspace / name)
            else:
                (workspace / name).symlink_to(target)
            code, out, err = run(command)
            assert (code, out) == (2, ""), command
            assert "SECRET" not in err
            named = "answers" in name or "link out of the workspace" in err or "not a regular file" in err
            assert named, err
            assert not (workspace / "out").exists()
        (workspace / name).unlink()
        if name in ordinary:
            (workspace / name).write_text(ordinary[name], encoding="utf-8")


@pytest.mark.parametrize("name", ["spec", "cases", "spec/policies", "cases/cyber"])
def test_a_folder_that_is_a_link(name: str, workspace: Path, tmp_path: Path, run: Run) -> None:
    shutil.move(workspace / name, tmp_path / "outside")
    (workspace / name).symlink_to(tmp_path / "outside", target_is_directory=True)
    code, out, _ = run("validate --format concise")
    assert code == 1
    assert f"{name}:1:1: PP001 not a regular file but a link to a directory" in out
    assert f"\n{name}/" not in f"\n{out}".replace("\nspec/taxonomy.yaml:1:1: PP139", "")
    assert names("id") == names("id", workspace)
    assert {"spec": "F-001", "cases": "shop-sign-in", "spec/policies": "assistant-1", "cases/cyber": "shop-sign-in-a"}[
        name
    ] not in names("id")


def test_a_completion_follows_no_link(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("id: secret-name\n", encoding="utf-8")
    (workspace / "spec" / "secret.yaml").symlink_to(tmp_path / "secret.yaml")
    assert "secret-name" not in names("id")
    shutil.copy(tmp_path / "secret.yaml", workspace / "spec" / "plain.yaml")
    assert "secret-name" in names("id"), "but for the link it would be offered"


def test_a_link_to_another_workspace_does_not_pass(workspace: Path, run: Run) -> None:
    """A sound one is on every machine that has the tool: the template."""
    for name in ("spec", "cases"):
        shutil.rmtree(workspace / name)
        (workspace / name).symlink_to(TEMPLATE / name)
    for words in ("spec", "cases", "spec cases", "spec/policies", "spec/taxonomy.yaml"):
        code, out, err = run(f"validate {words}")
        assert code in (1, 2), words
        assert "PP001" in out or "nothing to check" in err
    for name in ("spec", "cases"):
        (workspace / name).unlink()
        shutil.copytree(TEMPLATE / name, workspace / name)
    (workspace / "cases" / "x.yaml").symlink_to(TEMPLATE / FAMILY)
    code, out, _ = run(f"validate --format concise {FAMILY} cases/x.yaml")
    assert (code, "cases/x.yaml:1:1: PP001" in out) == (1, True), "it is named, and told where it stands"


def test_nothing_is_written_through_a_link(workspace: Path, tmp_path: Path, run: Run) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (workspace / "out").symlink_to(outside, target_is_directory=True)
    for command in ("report --out out", "report --out out/deep", "export jsonl out/x.jsonl", "export hub out",
                    "agreement --draw out/packets first"):  # fmt: skip
        code, out, err = run(command)
        assert (code, out) == (2, ""), command
        assert "leads out of the workspace by a link; nothing is written there" in err, command
    (workspace / "spec" / "policies" / "other").symlink_to(outside, target_is_directory=True)
    assert "leads out of the workspace" in run("new policy other/x")[2]
    (workspace / "spec" / "policies" / "other").unlink()
    assert list(outside.iterdir()) == []
    assert run(f"export jsonl {outside}/x.jsonl")[0] == 0, "named as what it is"
    (workspace / "x.jsonl").symlink_to(workspace / "README.md")
    before = (workspace / "README.md").read_bytes()
    assert run("export jsonl x.jsonl")[0] == 2
    assert run("export jsonl x.jsonl --force")[0] == 0
    assert not (workspace / "x.jsonl").is_symlink()
    assert (workspace / "README.md").read_bytes() == before, "the link is replaced, not what it leads to"


def test_leftovers_are_not_read(workspace: Path, run: Run) -> None:
    """What a run that was cut short left behind is no part of a workspace, a round of readings or a completion."""
    before = [run(command) for command in ("validate", "preview", "agreement")]
    offered = names("id")
    for folder in ("cases", "cases/cyber", "spec", "spec/policies/acme", "spec/evidence", "cases/agreement/first"):
        left = workspace / folder / f"{HALF}0"
        left.mkdir(parents=True)
        (left / "0").write_text("schema: fam", encoding="utf-8")
        (left / "x.yaml").write_text("schema: family/1\nfamily: left-over\n", encoding="utf-8")
        (left / "key.json").write_text("{", encoding="utf-8")
    assert [run(command) for command in ("validate", "preview", "agreement")] == before
    assert names("id") == offered
