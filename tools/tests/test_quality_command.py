"""The quality of a set by the command: of the cases of a workspace, and of other sets, whole or broken."""

from __future__ import annotations

import json
import os
import random
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from policy_preview.quality import items
from policy_preview.quality.items import Item

sys.path.insert(0, str(Path(__file__).parent))
from made_sets import RISKS, families, plain, sentence  # beside this file

Run = Callable[..., tuple[int, str, str]]


def lines(path: Path, found: list[Item]) -> Path:
    rows = [json.dumps({"prompt": i.text, "kind": i.label, "pair": i.group}) for i in found]
    path.write_text("\n".join(rows) + "\n\n", encoding="utf-8")
    return path


def test_another_set(tmp_path: Path, run: Run) -> None:
    file = lines(tmp_path / "other.jsonl", families(20, plain, ("safe", "unsafe")))
    command = f"quality --jsonl {file} --text prompt --label kind --group pair"
    code, out, err = run(command)
    assert (code, err) == (0, "")
    assert out.startswith("40 texts in 20 families")
    assert "unsafe > safe" in out
    assert "provenance" not in out, "what only cases of a workspace have"
    data = json.loads(run(f"{command} --format json")[1])
    assert (data["texts"], data["families"], data["labels"]) == (40, 20, ["safe", "unsafe"])
    alone = run(f"quality --jsonl {file} --text prompt --label kind")[1]
    assert alone.startswith("40 texts. ")
    assert run(f"{command} --format md")[1].count("\n| ") > 15


def test_a_pipe_and_what_never_ends(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--jsonl <(...)`, as a shell has it."""
    file = lines(tmp_path / "other.jsonl", families(20, plain, ("safe", "unsafe")))
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=lambda: (tmp_path / "pipe").write_bytes(file.read_bytes()), daemon=True)
    writer.start()
    keys = "--text prompt --label kind --group pair"
    assert run(f"quality --jsonl {tmp_path / 'pipe'} {keys}") == run(f"quality --jsonl {file} {keys}")
    monkeypatch.setattr(items, "_MOST_BYTES", 2**20)
    code, out, err = run("quality --jsonl /dev/zero")
    assert (code, out) == (2, "")
    assert "`/dev/zero` has over 1 MiB" in err


def test_fail(tmp_path: Path, run: Run) -> None:
    def cue(_chance: random.Random, words: list[str], label: str) -> list[str]:
        return [*words, label]

    good = lines(tmp_path / "good.jsonl", families(60, plain, ("safe", "unsafe")))
    bad = lines(tmp_path / "bad.jsonl", families(40, cue, ("safe", "unsafe")))
    keys = "--text prompt --label kind --group pair"
    assert run(f"quality --jsonl {good} {keys} --fail")[0] == 0
    assert run(f"quality --jsonl {bad} {keys}")[0] == 0
    assert run(f"quality --jsonl {bad} {keys} --fail")[0] == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the set is empty"),
        (b'{"text": "a", "label": "x"}\n', "one label alone"),
        (b'{"text": "a", "label": "x"}\n{"text": "b"\n[1]\n', "line 2: not JSON"),
        (b'{"text": "a", "label": "x"}\n[1]\n', "line 2: not an object"),
        (b'{"text": "a", "label": "x"}\n{"text": "", "label": "y"}\n', "line 2: no text under `text`"),
        (b'{"text": "a", "label": null}\n', "line 1: no text under `label`"),
        (b"\xff\xfe\n" * 9, "(and 4 more)"),
        (b"[" * 100_000 + b"\n", "line 1: not JSON"),
    ],
)
def test_broken_lines_are_named(content: bytes, words: str, tmp_path: Path, run: Run) -> None:
    file = tmp_path / "set.jsonl"
    file.write_bytes(content)
    code, out, err = run(f"quality --jsonl {file}")
    assert (code, out) == (2, "")
    assert words in err


def test_wrong_use(tmp_path: Path, run: Run) -> None:
    assert run(f"quality --jsonl {tmp_path}")[0] == 2
    assert run(f"quality --jsonl {tmp_path / 'none.jsonl'}")[0] == 2
    code, _, err = run("quality --text prompt")
    assert (code, "--jsonl" in err) == (2, True)


def test_without_groups_what_is_of_siblings_is_left_out(tmp_path: Path, run: Run) -> None:
    chance = random.Random(1)  # noqa: S311  # to repeat, not to hide
    found = [Item(str(n), " ".join(sentence(chance)), ("safe", "unsafe")[n % 2], str(n)) for n in range(200)]
    file = lines(tmp_path / "alone.jsonl", found)
    code, out, _ = run(f"quality --jsonl {file} --text prompt --label kind --fail")
    assert code == 0, out
    assert "cannot be computed" not in out


def test_five_texts(tmp_path: Path, run: Run) -> None:
    file = lines(tmp_path / "five.jsonl", families(3, plain, ("safe", "unsafe"))[:5])
    code, out, _ = run(f"quality --jsonl {file} --text prompt --label kind")
    assert code == 0
    assert "cannot be computed" in out
    assert "fewer than 10 families" in out


def test_the_cases_of_a_workspace(workspace: Path, run: Run) -> None:
    code, out, err = run("quality")
    assert (code, err) == (0, "")
    for title in ("spread over topics", "rows of the headline policies", "record of each case", "labels told without"):
        assert title in out
    assert run("quality --fail")[0] == 1, "three cases are too few to compute"
    (workspace / "cases/cyber/broken.yaml").write_text("schema: family/1\n", encoding="utf-8")
    code, _, err = run("quality --fail")
    assert (code, "left out" in err) == (2, True)


def test_kinds_and_features_of_cases(workspace: Path) -> None:
    from policy_preview.workspace import load

    found = items.of_cases(load(workspace))
    assert [item.label for item in found] == list(RISKS)
    assert {item.group for item in found} == {"shop-sign-in"}
    assert dict(found[0].features)["topic"] == "defence-operations"
    assert found[0].kinds == frozenset()
    assert items.order_of(found) == list(RISKS)
    assert items.order_of([Item("1", "t", "b", "1"), Item("2", "t", "a", "2")]) == ["a", "b"]
