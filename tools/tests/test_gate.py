"""The quick yes of the gate, with and without the extra `fast`, is given to what the checker proper accepts."""

from __future__ import annotations

import copy
import importlib.util
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spots import ODD, plain, told

sys.path.insert(0, str(Path(__file__).parent / "fuzz"))
import judging
import whole
from choices import Choices
from test_corpus import kept

from policy_preview import gate, schema
from policy_preview.core import Place
from policy_preview.reader import parse, read
from policy_preview.shape import shape
from policy_preview.workspace import load

REPO = Path(__file__).resolve().parents[2]
FIXTURES = sorted((REPO / "tools" / "tests" / "fixtures" / "bad").rglob("*.yaml"))
KINDS = list(schema.KINDS)
CORPUS = Path(__file__).parent / "fixtures" / "corpus"


@pytest.fixture(params=["library", "own"], autouse=True)
def _both(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    schema._gate.cache_clear()
    if request.param == "own":
        monkeypatch.setattr(gate, "_of_the_library", lambda *_: None)
    else:
        assert importlib.util.find_spec("jsonschema_rs"), "the extra `test` brings it"
    yield
    monkeypatch.undo()
    schema._gate.cache_clear()


def accepted(kind: str, data: Any) -> bool:
    accepts = schema._gate(kind)
    assert accepts is not None
    return accepts(data)


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


def test_what_the_fuzzers_kept() -> None:
    """Changed files of each kind, and what the reader makes of changed bytes, as each kind."""
    verdicts = Counter[bool]()
    for kind, data in kept_data():
        yes = accepted(kind, data)
        assert yes != told(kind, data), (kind, data)
        verdicts[yes] += 1
    assert verdicts[True] > 20
    assert verdicts[False] > 200


def kept_data() -> Iterator[tuple[str, Any]]:
    """The data in the corpora of `judging` and `whole`, and of `reading` what is not refused."""
    for raw in kept("judging"):
        judging.one(raw)  # which goes through this gate, and holds it against the schemas as they lie in spec/
        yield judging.drawn(Choices(raw))
    for raw in kept("whole"):
        yield from ((whole.kind_of(name), data) for name, text in whole.changed(raw).items() for data in sound(text))
    for raw in kept("reading"):
        yield from ((kind, data) for kind in KINDS for data in sound(raw))


def sound(text: bytes) -> Iterator[Any]:
    """What a file holds, unless the reader refuses something of it: that is for the checker proper."""
    document = parse(text.decode("utf-8", "replace"))
    if not document.findings:
        yield document.data


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
    """And without jsonschema too: the schemas have no keyword that takes it."""
    (tmp_path / "jsonschema_rs.py").write_text("raise ImportError('not installed')")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import pathlib"
    code += "; from policy_preview.workspace import load; load(pathlib.Path(sys.argv[1])); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code, str(REPO)], capture_output=True, check=False, text=True)
    assert done.stderr == ""
    assert not {"jsonschema", "jsonschema_rs"} & set(done.stdout.split())


@pytest.mark.parametrize(
    "around",
    [lambda form: form, lambda form: {"allOf": [{"maxLength": 9}, form]}, lambda form: {"if": {}, "then": form}],
)
def test_a_form_is_short_and_a_day_exists(around: Callable[[Any], Any]) -> None:
    """Wherever it is asked for, within a list of schemas too, where ours ask for none yet."""
    for pattern, good, bad in (("^a", "aaaa", "aaaaa"), ("^[0-9]", "1", "2")):
        accepts = gate.gate(around({"pattern": pattern}), 4, "^[0-9]".__eq__, "2".__ne__)
        assert accepts is not None
        assert (accepts(good), accepts(bad)) == (True, False)


@pytest.mark.parametrize(
    "keyword",
    [
        {"oneOf": [{}]}, {"uniqueItems": True}, {"unevaluatedProperties": False}, {"items": False}, {"enum": [1]},
        {"not": {"type": "string"}}, {"$ref": "#"}, {"dependentRequired": {}}, {"contains": {}}, {"multipleOf": 2},
        {"properties": {"a": {"patternProperties": {}}}}, {"allOf": [{"anyOf": []}]},
        {"if": {"type": "string"}, "then": False}, {"if": {}, "else": False}, {"if": False, "else": {"type": "null"}},
        {"propertyNames": False}, {"propertyNames": True}, {"enum": []}, {"enum": [], "const": "x"}, {"const": None},
        {"enum": ["x"], "const": "y"}, {"type": "text"}, {"type": ["object", "text"]}, {"format": "date"},
        {"properties": {"a": False}}, {"properties": {"a": True}}, {"allOf": [False]}, {"maxProperties": 1},
        {"then": {"type": "null"}}, {"not": False}, {"additionalProperties": {"minContains": 1}},
    ],
)  # fmt: skip
def test_a_keyword_that_is_not_known(keyword: dict[str, Any]) -> None:
    """No test is made of it, and then of nothing."""
    assert shape({"type": "object", **keyword}, {}) is None


def test_empty_schemas_are_known() -> None:
    """And take what is there."""
    for each in ("propertyNames", "items", "additionalProperties", "if", "properties", "allOf"):
        accepts = shape({"type": "object", each: [] if each == "allOf" else {}}, {})
        assert accepts is not None
        assert accepts({"a": 1})
        assert not accepts([])


def test_what_the_gate_accepts_takes_no_jsonschema() -> None:
    """A tenth of a second, and all of the time it takes to check."""
    code = "import sys, pathlib; from policy_preview.workspace import load; load(pathlib.Path(sys.argv[1]))"
    code += "; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code, str(REPO)], capture_output=True, check=False, text=True)
    assert "jsonschema_rs" in done.stdout.split()
    assert "jsonschema" not in done.stdout.split()
