"""The gate of the extra `fast` against the checker proper: it says yes where that finds nothing, and nowhere else."""

from __future__ import annotations

import copy
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_preview import schema
from policy_preview.core import Place
from policy_preview.reader import read
from policy_preview.workspace import load

REPO = Path(__file__).resolve().parents[2]
FIXTURES = sorted((REPO / "tools" / "tests" / "fixtures" / "bad").rglob("*.yaml"))
KINDS = list(schema.KINDS)
ODD: list[Any] = [
    None, True, False, 0, 1, -1, 1.0, 1.5, 2**70, "", "x", "x\n", "X", "é", "\ud800", "a-b-c", "a" * 2001,
    "2026", "2026-02-30", "2026-06-09", "2026-06-09\n", "2026-06-09T25:00Z", "answer", "silent-limit+",
    "F-101", "F-1", "Q-001", "P-01", "SRC-A12", "S-01", "https://example.com/a b", "https://example.com/\u3000",
    [], [[]], {}, {"id": "x"}, ["F-101", "F-101"],
]  # fmt: skip


def told(kind: str, data: Any) -> bool:
    """Whether the checker proper has something to say."""
    return next(schema._validator(kind).iter_errors(data), None) is not None


def accepted(kind: str, data: Any) -> bool:
    gate = schema._gate(kind)
    assert gate is not None, "the extra `test` brings jsonschema-rs"
    return gate(data)


def files() -> Iterator[tuple[str, Any]]:
    """Everything that is there: the repository, and what of the fixtures can be read, as each kind."""
    for file in load(REPO).files:
        yield file.kind, file.data
    for path in FIXTURES:
        document = read(path, path.name)
        if isinstance(document.data, dict) and not document.findings:  # what was refused goes to the checker proper
            yield from ((kind, document.data) for kind in KINDS)


def test_files_of_every_kind() -> None:
    verdicts = [(accepted(kind, data), told(kind, data)) for kind, data in files()]
    assert all(yes != no for yes, no in verdicts)
    assert {yes for yes, _ in verdicts} == {True, False}


def spots(data: Any) -> Iterator[tuple[Any, Any]]:
    """Every container with each key of it."""
    for key in list(data) if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ():
        yield data, key
        yield from spots(data[key])


@pytest.mark.parametrize("kind", KINDS)
def test_one_thing_made_odd(kind: str) -> None:
    """Real data with a value replaced, a key taken out, renamed or added."""
    chance = random.Random(kind)  # noqa: S311  # to repeat, not to hide
    every = [file.data for file in load(REPO).files if file.kind == kind]
    refused = 0
    for _ in range(250):
        data = copy.deepcopy(plain(chance.choice(every)))
        for _ in range(chance.choice((1, 1, 2))):
            where, key = chance.choice(list(spots(data)))
            what = chance.random()
            if what < 0.6:
                where[key] = chance.choice(ODD)
            elif what < 0.8:
                del where[key]
            elif isinstance(where, dict):
                where[chance.choice(["id", "note", "schema", "evidence", f"{key}x"])] = where.pop(key)
        yes, no = accepted(kind, data), told(kind, data)
        assert yes != no, data
        refused += no
    assert 50 < refused < 250


def plain(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: plain(value) for key, value in data.items()}
    return [plain(item) for item in data] if isinstance(data, list) else data


KEYS = st.sampled_from(["id", "schema", "cases", "title", "facts", "rows", "evidence", "risk", "then"])
JSON = st.recursive(
    st.sampled_from([value for value in ODD if not isinstance(value, dict | list)]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner),
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(KINDS), JSON)
def test_anything(kind: str, data: Any) -> None:
    assert accepted(kind, data) != told(kind, data)


def test_the_same_findings_with_and_without(monkeypatch: pytest.MonkeyPatch) -> None:
    def every() -> list[Any]:
        return [schema.check(data, kind, Place("-")) for kind, data in files()]

    with_it = every()
    monkeypatch.setattr(schema, "_gate", lambda _: None)
    assert every() == with_it


def test_without_the_library(tmp_path: Path) -> None:
    (tmp_path / "jsonschema_rs.py").write_text("raise ImportError('not installed')")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from policy_preview import schema"
    code += "; print(schema._gate('family'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, text=True)
    assert (done.stdout, done.stderr) == ("None\n", "")


def test_what_the_gate_accepts_takes_no_jsonschema() -> None:
    """A tenth of a second, and all of the time it takes to check."""
    code = "import sys, pathlib; from policy_preview.workspace import load; load(pathlib.Path(sys.argv[1]))"
    code += "; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code, str(REPO)], capture_output=True, check=False, text=True)
    assert "jsonschema_rs" in done.stdout.split()
    assert "jsonschema" not in done.stdout.split()
