"""What an author sees in an editor, asked of yaml-language-server: completion, hover, and the validator's verdict.

The server is bound to a workspace by what `init` wrote there, and to this repository by what CONTRIBUTING shows.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from policy_preview import create, editor, schema
from policy_preview.reader import parse
from policy_preview.workspace import load

sys.path.insert(0, str(Path(__file__).parent))
from described import described, keys  # beside this file

if TYPE_CHECKING:
    from language_server import Server  # beside this file

REPO = Path(__file__).resolve().parents[2]
BAD = REPO / "tools" / "tests" / "fixtures" / "bad"
CONTRIBUTING = REPO / ".github" / "CONTRIBUTING.md"
# The server would ask a catalogue on the network for schemas of other files; a test must not.
OFFLINE = {"yaml.schemaStore.enable": False}


def block(language: str) -> str:
    """What CONTRIBUTING shows in a language, of which it has one block."""
    found = re.findall(rf"(?ms)^```{language}\n(.*?)^```$", CONTRIBUTING.read_text(encoding="utf-8"))
    assert len(found) == 1
    return str(found[0])


def of_emacs(text: str) -> dict[str, Any]:
    """The `:yaml (:schemas (:PATH [GLOB ...] ...))` of directory variables as Emacs sends it."""
    found = re.search(r"\(:yaml\s+\(:schemas\s+\(((?:\s*:\S+\s+\[[^\]]*\])+)\)\)\)", text)
    assert found
    pairs = re.findall(r":(\S+)\s+\[([^\]]*)\]", found[1])
    return {"yaml.schemas": {path: re.findall(r'"([^"]*)"', globs) for path, globs in pairs}}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("editor") / "made"
    create.init(root)
    return root


@pytest.fixture(scope="module")
def server(made: Path) -> Iterator[Server]:
    """The server on a workspace as `init` writes it."""
    from language_server import started

    settings = json.loads((made / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    with started(made, {**settings, **OFFLINE}) as found:
        yield found


@pytest.fixture(scope="module")
def at_home() -> Iterator[Server]:
    """The server on this repository."""
    from language_server import started

    with started(REPO, {**of_emacs(block("elisp")), **OFFLINE}) as found:
        yield found


def test_contributing_shows_the_setting_of_this_repository() -> None:
    setting = json.loads(editor.setting())
    assert json.loads(block("json")) == setting
    assert of_emacs(block("elisp")) == setting


# --- the same verdict ------------------------------------------------------------------------------------------------

# Fixtures where the editor has nothing on a line of a finding: what only the reader of this tool refuses,
UNSEEN = {
    **dict.fromkeys(("PP005-control-character", "PP006-line-separator", "PP018-lost-text"), "what a text may hold"),
    **dict.fromkeys(("PP011-anchor", "PP012-alias", "PP013-merge-key", "PP014-tag", "PP015-directive"), "is YAML"),
    **dict.fromkeys(("PP007-empty", "PP008-several-documents"), "to the server each document is on its own"),
    "PP016-ambiguous-value": "the server reads YAML 1.2, where an unquoted date is a text",
    "PP021-uneven": "the server is one of the readers that take it",
    "PP105-bad-date": "a schema has the form of a date, no calendar",
    "PP106-newer-schema": "a schema takes every version, so that this one message can be told",
}
# and where it has an error on another line besides.
MORE = {
    "PP019-too-deep": "the bracket that never closes is told at the end",
    "PP101-unknown-key": "that `title` is missing, which we hold to be the same mistake",
}


def errors(diagnostics: list[dict[str, Any]]) -> set[int]:
    """The lines with an error, from 1; an anchor that nothing uses is no error to the server."""
    return {each["range"]["start"]["line"] + 1 for each in diagnostics if each["severity"] == 1}


def test_every_fixture_has_the_same_verdict(server: Server) -> None:
    texts, ours = dict[Path, str](), dict[Path, set[int]]()
    for path in sorted(BAD.rglob("*.y*ml")):
        if path.is_file() and path.name != "expect.txt":
            here = server.root / path.relative_to(BAD)
            texts[here] = path.read_text(encoding="utf-8")
            lines = texts[here].split("\n")
            ours[here] = {n for n, line in enumerate(lines, 1) if re.search(r"# expect: PP(0..|10.|110) ", line)}
    theirs = {path: errors(found) for path, found in server.open(texts).items()}
    assert sum(map(bool, ours.values())) >= 25
    assert {path.relative_to(server.root).parts[0] for path in ours if ours[path] - theirs[path]} == set(UNSEEN)
    assert {path.relative_to(server.root).parts[0] for path in ours if theirs[path] - ours[path]} == set(MORE)


# The mistakes of mistakes.py, as `kind: new text`: where the editor has nothing on our line,
UNSEEN_MISTAKES = {
    'policy: from: "2026-02-29"': "no calendar",
    "policy: schema: policy/2": "every version",
    "policy: schema: policy/0": "every version",
    "family: created: 2026-01-05": "YAML 1.2",
}
# and where it has an error on another line besides: that the key is missing that we hold to be misspelt, or that a
# choice hangs on (`status`, `based_on`, `options`), with all that this would ask for.
MORE_MISTAKES = {
    "policy: providr: acme", "policy: stattus: on-record", "policy: status: on-recrod", "policy: status: no",
    "policy: than: fires", "policy: option: [{response: limit, visibility: silent, evidence: [F-001]}]",
    "policy: provider: acme\nbased_on: assistant-0", "draft: based-on: assistant-1", "draft: change:",
    "draft: (nothing for based_on: assistant-1)", "evidence: statment:", "taxonomy: headlines: [assistant-1]",
}  # fmt: skip


def test_every_mistake_has_the_same_verdict(server: Server) -> None:
    from bases import BASES, kind_of  # beside this file
    from mistakes import MISTAKES  # beside this file

    homes = {"policy": "spec/policies/x.yaml", "evidence": "spec/evidence/x.yaml", "taxonomy": "spec/taxonomy.yaml",
             "family": "cases/x.yaml"}  # fmt: skip
    texts, ours, names = dict[Path, str](), dict[Path, set[int]](), dict[Path, str]()
    for number, (base, old, new, wanted) in enumerate([*MISTAKES, *((base, "", "", []) for base in BASES)]):
        path = server.root / f"mistake-{number}" / homes[kind_of(base)]
        texts[path] = BASES[base].replace(old, new) if old else BASES[base]
        ours[path] = {int(line.partition(":")[0]) for line in wanted}
        names[path] = f"{base}: {new.strip() or f'(nothing for {old.strip()})'}"
    theirs = {path: errors(found) for path, found in server.open(texts).items()}
    assert len(ours) > 100
    assert [names[path] for path in ours if ours[path] - theirs[path]] == list(UNSEEN_MISTAKES)
    assert {names[path] for path in ours if theirs[path] - ours[path]} == MORE_MISTAKES


def test_what_is_good_is_good(server: Server, at_home: Server) -> None:
    """Nothing at all is said of it, no hint either."""
    for each, least in ((server, 5), (at_home, 350)):
        texts = {file.path: file.path.read_text(encoding="utf-8") for file in load(each.root).files}
        assert len(texts) >= least
        assert {path: found for path, found in each.open(texts).items() if found} == {}


def test_no_file_but_those_of_a_workspace_is_bound(server: Server) -> None:
    texts = {server.root / name: "a: 1\n" for name in ("x.yaml", "spec/x.yaml", "spec/schema/x.yaml", "docs/y.yml")}
    assert set(map(len, server.open(texts).values())) == {0}
    texts = {server.root / name: "a: 1\n" for name in ("cases/x.yaml", "cases/a/x.yml", "spec/evidence/a/x.yml")}
    assert all(map(errors, server.open(texts).values()))


# --- completion ------------------------------------------------------------------------------------------------------

POLICY, FAMILY, EVIDENCE = "spec/policies/acme/assistant-1.yaml", "cases/cyber/shop-sign-in.yaml", (
    "spec/evidence/register.yaml"
)  # fmt: skip
# A file of the template, what is replaced in it (first place), by what, `^` being the cursor; and the mapping of the
# schema whose keys are offered, less those that are there.
KEYS = {
    "policy": (POLICY, "schema: policy/1\n", "^\n", ()),
    "row": (POLICY, "        risk: restricted\n", "        ^\n", ("safeguards", 0, "rows", 0)),
    "effect": (POLICY, "        response: limit\n", "        ^\n", ("safeguards", 0, "effects", 0)),
    "time in force": (POLICY, '  from: "2026-01-05"\n', "  ^\n", ("in_force",)),
    "family": (FAMILY, "schema: family/1\n", "^\n", ()),
    "case": (FAMILY, "    risk: benign\n", "    ^\n", ("cases", 0)),
    "case, a key begun": (FAMILY, "    hazard: 0\n", "    haz^\n", ("cases", 0)),
    "provenance": (FAMILY, "  origin: written\n", "  ^\n", ("provenance",)),
    "fact": (EVIDENCE, "    confidence: high\n", "    ^\n", ("facts", 0)),
    "source": (EVIDENCE, "    author: Acme\n", "    ^\n", ("sources", 0)),
}
_opened = iter(range(10_000))


def opened(server: Server, home: str, old: str, new: str) -> tuple[Path, int, int]:
    """A file of the template with a change in it, opened; and where its cursor is, from 0."""
    text = (server.root / home).read_text(encoding="utf-8")
    assert old in text
    before, _, after = text.replace(old, new, 1).partition("^")
    path = server.root / f"open-{next(_opened)}" / home
    server.open({path: before + after})
    return path, before.count("\n"), len(before) - before.rfind("\n") - 1


@pytest.mark.parametrize("name", KEYS)
def test_keys_are_offered_with_what_they_mean(name: str, server: Server) -> None:
    home, old, new, path = KEYS[name]
    data = parse((server.root / home).read_text(encoding="utf-8")).data
    here: Any = data
    for step in path:
        here = here[step]
    gone = re.match(r"[ -]*([a-z_]+):", old)
    assert gone
    known = described(home_kind(home), data, path)
    wanted = {key: text for key, text in known.items() if key not in here or key == gone[1]}
    offered = server.completion(*opened(server, home, old, new))
    assert {key: offered.get(key) for key in wanted} == wanted
    # Besides, the server offers the required keys together, under the title of the mapping.
    others = offered.keys() - wanted.keys()
    assert all(key[0].isupper() for key in others), others
    assert len(others) <= 1


def test_a_key_to_fill_in_is_offered_where_keys_are_free(server: Server) -> None:
    offered = server.completion(*opened(server, FAMILY, "    expect:\n", "    expect:\n      ^\n"))
    ((key, text),) = offered.items()
    assert key == "POLICY"
    assert text.startswith("A policy, POLICY@surface or POLICY@surface/standing, such as fable-5-launch@api")


def home_kind(home: str) -> str:
    return {"policies": "policy", "evidence": "evidence"}.get(home.split("/")[1], "family")


WORDS = {
    "risk of a row": (POLICY, "risk: restricted", "risk: ^", "benign dual-use restricted"),
    "risks of a row": (POLICY, "risk: restricted", "risk:\n          - ^", "benign dual-use restricted"),
    "span of a row": (POLICY, "risk: restricted", "span: ^", "request session accounts"),
    "mode of a row": (POLICY, "risk: restricted", "mode: ^", "chat agentic"),
    "then": (POLICY, "then: fires", "then: ^", "fires passes may-fire unspecified"),
    "response": (POLICY, "response: limit", "response: ^",
                 "fallback refusal denial limit rewrite hold unspecified"),
    "visibility": (POLICY, "visibility: silent", "visibility: ^", "visible on-ask afterwards silent unspecified"),
    "status": (POLICY, "status: on-record", "status: ^", "on-record proposed counterfactual"),
    "schema": (POLICY, "schema: policy/1", "schema: ^", "policy/1"),
    "risk of a case": (FAMILY, "risk: benign", "risk: ^", "benign dual-use restricted"),
    "confidence": (EVIDENCE, "confidence: high", "confidence: ^", "high medium low"),
}  # fmt: skip


@pytest.mark.parametrize("name", WORDS)
def test_words_are_offered(name: str, server: Server) -> None:
    home, old, new, words = WORDS[name]
    offered = server.completion(*opened(server, home, old, new))
    assert sorted(offered) == sorted(words.split())
    assert all(offered.values()) or name == "schema", "each with what it means"


def test_words_of_the_taxonomy_are_not_offered(server: Server) -> None:
    """They are a workspace's own; whoever makes the schemas offer them changes what CONTRIBUTING says."""
    for old, new in (("category: cyber\n        risk", "category: ^\n        risk"), ("  - app\n", "  - ^\n")):
        assert server.completion(*opened(server, POLICY, old, new)) == {}
    assert "editor does not know" in CONTRIBUTING.read_text(encoding="utf-8")


# --- hover -----------------------------------------------------------------------------------------------------------


def test_every_key_tells_what_it_means(at_home: Server) -> None:
    """Each key of each place that this repository uses, where a file has it first."""
    seen, there = set[str](), set[Path]()
    for file in load(REPO).files:
        path = REPO / "hover" / file.path.relative_to(REPO)
        text = file.path.read_text(encoding="utf-8")
        for place, line, column, description in keys(file.data, schema.load(file.kind), file.kind):
            if place not in seen:
                seen.add(place)
                if path not in there:
                    there.add(path)
                    at_home.open({path: text})
                # One letter in: on the first, the server looks at what stands before it.
                shown = re.sub(r"\\(.)", r"\1", at_home.hover(path, line, column + 1))
                assert description in shown, place
    assert len(seen) > 250
