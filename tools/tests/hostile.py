"""A workspace that its schemas accept and whose every free text is hostile, made by walking the schemas.

Starts from the template that `init` writes, with a few things that are there only in other forms (a conversation, a
pattern over accounts, a what-if). Whatever else a schema lets stand anywhere is added, as long as it accepts the file,
and each free text says which field it is. What this did not reach is handed back, so that no new field is forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from policy_preview import schema
from policy_preview.core import Place
from policy_preview.reader import parse

TEMPLATE = Path(__file__).resolve().parents[1] / "policy_preview" / "template"
TRAPS = " ".join(
    [
        "<img src=x onerror='hit=1'>", "</script><script>hit=1</script>", "</style><style>*{display:none}</style>",
        "</title></textarea></blockquote></dialog><h1 onclick=hit=1>", "]]>", "<!-- a", "-->",
        '" onfocus="hit=1" autofocus x="',
        "' onmouseover='hit=1", "`onload=hit=1`", "&lt;b&gt; &#64; &copy", "{{ 7*7 }} {% raw %} {# x #}",
        "${7*7} #{7*7}",
        "%s %(x)d {0} {x.__class__}", "javascript:hit=1", "\x1b[31mred\x1b[0m\x07", "\u202egnp.exe\u202c \u2066x\u2069",
        "a\u200bb\u00adc\ufeff", "\x00", "日本語の文、長い文。", "שלום (a) 12 مرحبا",
        "e\u0301\u0301\u0301", "👩\u200d💻",
        "two\nlines", "a\ttab", "W" * 300, "::error::x ##[error]x", "\\u0041 \\x41 &nbsp;",
    ]
)  # fmt: skip
URL = "https://example.com/\"><img/src=x/onerror=hit=1>'{{7*7}}%3Cscript%3E"
KNOWN = {  # where a name must be that of something else
    "category": "cyber", "topic": "penetration-testing", "surface": "app", "surfaces": "app", "standing": "general",
    "standings": "general", "depends": "x-conditions-id", "safeguards": "attacks", "order": "attacks", "lang": "ar",
    "covers": "cyber", "rule": "cyber.1", "evidence": "F-001", "also": "SRC-002", "source": "SRC-001",
    "sources": "SRC-001", "question": "Q-001", "phrase": "P-01",
}  # fmt: skip
NAMED = {f"policy.changes[].{each}" for each in ("replace", "add", "remove")}  # the clause, which has to be there
# Not added to what stands there: a request has one form, a change is one of three, a retired case is nowhere.
ONCE = {f"family.cases[].{each}" for each in ("retired", "prompt", "messages", "pattern")} | {
    *NAMED, "policy.changes[].with", "policy.changes[].before", "policy.follows",
}  # fmt: skip
FORMS = ("2026-01-05", URL, "F-001", "Q-001", "P-01", "C-01", "S-01", "SRC-001", "PP223", "cyber.1")
Texts = Callable[[str, int], str]


def hostile(path: str, most: int) -> str:
    return f"[{path}] {TRAPS}"[:most]


def harmless(path: str, most: int) -> str:
    """A text of the same shape, whose signs mean nothing anywhere."""
    name = f"[{path}]"
    return name + re.sub(r"[<>&\"'`{}%$#=:/\\!]", "x", hostile(path, most).removeprefix(name))


def workspace(root: Path, text: Texts) -> tuple[set[str], set[str]]:
    """Write it. The fields that got a text, and those free texts of the schemas that nothing here reaches."""
    filled = set[str]()
    for name, data in _started().items():
        kind = data["schema"].partition("/")[0]
        _Grow(kind, data, text, filled).all()
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_yaml(data), encoding="utf-8")
    every = {p for kind in ("taxonomy", "evidence", "policy", "family") for p in _free(schema.load(kind), kind)}
    return filled, every - filled


def _started() -> dict[str, Any]:
    files = {
        str(path.relative_to(TEMPLATE)): yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted(TEMPLATE.rglob("*.yaml"))
    }
    cases = files["cases/cyber/shop-sign-in.yaml"]["cases"]
    _, second, third = cases
    cases.append({"id": "shop-sign-in-d", "risk": "benign", "prompt": "x", "retired": "x"})
    del second["prompt"], third["prompt"]
    second["messages"] = [{"role": "user", "text": "x"}, {"role": "tool", "text": "x"}]
    third["pattern"] = {"over": "x", "accounts": 2, "requests": 3, "observed": "x", "samples": ["x", "y"]}
    effect = files["spec/policies/acme/assistant-2.yaml"]["safeguards"][0]["effects"][0]
    body = {"response": "fallback", "visibility": "visible", "evidence": ["F-003"]}
    for each in ("response", "visibility", "notice"):
        del effect[each]
    effect |= {"question": "Q-001", "options": [body, {**body, "response": "limit", "visibility": "silent"}]}
    clause = {"evidence": ["F-001"], "rationale": "x"}
    row = {"id": "other", "risk": "benign", "then": "fires", "evidence": ["F-001"]}
    new = {"id": "late", "then": "fires", "evidence": ["F-001"]}
    files["spec/policies/counterfactual/what-if.yaml"] = {
        "schema": "policy/1", "id": "what-if", "title": "x", "author": "x", "published": "2026-04-01",
        "status": "counterfactual", "based_on": "assistant-1",
        "changes": [
            {"replace": "attacks.rows.other", "with": row, **clause},
            {"add": "attacks.rows.late", "with": new, **clause},
            {"remove": "attacks.rows.by-the-owner", **clause},
        ],
    }  # fmt: skip
    first = files["spec/policies/acme/assistant-1.yaml"]
    of = {"surfaces": ["app"], "evidence": ["F-001"], "question": "Q-001"}
    first["effects"] = [
        {"id": "shared", **of, "response": "refusal", "visibility": "visible"},
        {"id": "either", **of, "options": effect["options"]},
    ]
    first["safeguards"][0]["effects"] = ["shared", "either", *first["safeguards"][0]["effects"]]
    return {name: yaml.safe_load(_yaml(data)) for name, data in files.items()}


def _free(node: Any, path: str) -> Iterator[str]:
    """The places of a schema where any text may stand."""
    kinds = node.get("type", ())
    if kinds == "string" and not {"pattern", "enum", "const"} & node.keys() and path not in NAMED:
        yield path
    for name, below in node.get("properties", {}).items():
        yield from _free(below, f"{path}.{name}")
    for key, mark in (("items", "[]"), ("additionalProperties", ".*")):
        if isinstance(node.get(key), dict):
            yield from _free(node[key], path + mark)


class _Plain(yaml.SafeDumper):
    """Without anchors and aliases, which the reader does not take."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  # theirs to name
        return True


def _yaml(data: Any) -> str:
    """In ASCII: every other character is an escape."""
    return yaml.dump(data, Dumper=_Plain, sort_keys=False, width=1000)


class _Grow:
    """One file: every property that its schema takes is put in, and every free text is made hostile."""

    def __init__(self, kind: str, data: Any, text: Texts, filled: set[str]) -> None:
        self.kind, self.data, self.text, self.filled, self.count = kind, data, text, filled, 0

    def all(self) -> None:
        self._object(self.data, schema.load(self.kind), self.kind)
        assert not self._faults(), self._faults()

    def _faults(self) -> list[str]:
        data = parse(_yaml(self.data)).data
        return [f"{found.message} {found.place}" for found in schema.check(data, self.kind, Place("x"))]

    def _value(self, value: Any, node: Any, path: str) -> Any:
        if isinstance(value, dict):
            self._object(value, node, path)
        elif isinstance(value, list):
            value[:] = [self._value(each, node.get("items", {}), f"{path}[]") for each in value]
        elif isinstance(value, str) and path in _FREE[self.kind]:
            self.filled.add(path)
            self.count += 1
            return self.text(f"{path} {self.count}", min(3_000, node.get("maxLength", 3_000)))
        return value

    def _object(self, value: dict[str, Any], node: Any, path: str) -> None:
        if path.endswith(".changes[].with"):  # its schema is that of what it replaces
            return
        properties = node.get("properties", {})
        for name in [*value, *(each for each in properties if each not in value)]:
            below = properties.get(name, node.get("additionalProperties") or {})
            if name in value:
                place = f"{path}.{name}" if name in properties else f"{path}.*"
                value[name] = self._value(value[name], below, place)
            elif below.get("not") != {} and f"{path}.{name}" not in ONCE:
                value[name] = self._made(below, name, f"{path}.{name}")
                if self._faults():
                    del value[name]
                else:
                    value[name] = self._value(value[name], below, f"{path}.{name}")

    def _made(self, node: Any, name: str, path: str) -> Any:
        """Something that the schema takes, as little as it may be."""
        kinds = node.get("type", "string")
        kind = kinds if isinstance(kinds, str) else kinds[0]
        if kind == "object":
            if "properties" not in node:
                return {'<img src=x onerror="hit=1">': "x"}
            return {key: self._made(node["properties"][key], key, path) for key in node.get("required", ())}
        if kind == "array":
            return [self._made(node["items"], name, path) for _ in range(max(1, node.get("minItems", 1)))]
        if kind in ("integer", "boolean"):
            return node.get("minimum", 1) if kind == "integer" else True
        if "enum" in node:
            return node["enum"][0]
        if "pattern" not in node:
            return "x" * node.get("minLength", 1)
        names = (KNOWN.get(name, ""), f"x-{path.rpartition('.')[2]}-{name}".replace("[]", ""), *FORMS)
        return next(each for each in names if re.search(node["pattern"], each))


_FREE = {kind: set(_free(schema.load(kind), kind)) for kind in ("taxonomy", "evidence", "policy", "family")}
