"""Which requests change: between policies, files, and states of a real git repository, a hostile one included."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from policy_preview import __version__
from policy_preview.__main__ import run as main
from policy_preview.compare import compare
from policy_preview.workspace import load

GIT = shutil.which("git") or ""
pytestmark = pytest.mark.skipif(not GIT, reason="needs git")
SNAPSHOT = Path(__file__).parent / "snapshots" / "diff.txt"
Run = Callable[..., tuple[int, str, str]]
FAMILY = Path("cases/cyber/shop-sign-in.yaml")
FIRST, SECOND = (Path(f"spec/policies/acme/assistant-{n}.yaml") for n in (1, 2))
NOTICE = "visible\n        notice:\n          channel: in-conversation\n          when: each-time\n          names:\n"
A, B, C = (f"shop-sign-in-{letter}" for letter in "abc")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def go(*words: str) -> tuple[int, str, str]:
        code = main(["diff", *words])
        return code, *capsys.readouterr()

    return go


@pytest.fixture(autouse=True)
def _nobody(nobody: None) -> None:
    """No test here sees whose machine this is."""


@pytest.fixture
def repository(workspace: Path) -> Path:
    """The template as a repository with one commit on the branch main."""
    git("init", "--quiet", "--initial-branch=main")
    commit("first")
    return workspace


def git(*words: str, stdin: bytes | None = None) -> str:
    return subprocess.run([GIT, *words], input=stdin, capture_output=True, check=True).stdout.decode().strip()


def commit(message: str = "more") -> str:
    git("add", "--all")
    git("commit", "--quiet", "--message", message)
    return git("rev-parse", "HEAD")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def changes(run: Run, *words: str) -> list[dict[str, Any]]:
    code, out, err = run(*words, "--format", "json")
    assert (code, err) == (0, ""), err
    return [change for policy in json.loads(out)["policies"] for change in policy["changes"]]


# --- classes of change ------------------------------------------------------------------------------------------------

CLASSES = [
    ("told less", SECOND, f"{NOTICE}            - category\n", "silent\n", [B, C], {"silent", "any"}),
    ("told less", SECOND, f"visibility: {NOTICE}", f"visibility: on-ask{NOTICE[7:]}", [B, C], {"silent", "any"}),
    ("answer to altered", FIRST, "then: passes", "then: fires", [A], {"silent", "any"}),
    ("answer to altered", SECOND, "then: passes", "then: fires", [A], {"any"}),
    ("answer to altered", SECOND, "then: passes", "then: may-fire", [A], {"any", "open"}),
    ("decided to open", FIRST, "then: fires", "then: may-fire", [C], {"any", "open"}),
    ("told more", FIRST, "visibility: silent\n", f"visibility: {NOTICE}            - category\n", [B, C], {"any"}),
    ("decided to open, otherwise", FIRST, "visibility: silent", "visibility: unspecified", [B, C], {"any", "open"}),
    ("otherwise", FIRST, "response: limit", "response: rewrite", [B, C], {"any"}),
    ("otherwise", FIRST, "then: fires", "then: passes", [C], {"any"}),
    ("otherwise", FIRST, "response: limit", "response: hold", [B, C], {"any"}),
    ("detail", SECOND, "            - category\n", "            - model\n", [B, C], {"any"}),
]


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(("kind", "file", "old", "new", "cases", "fails"), CLASSES)
def test_class(kind: str, file: Path, old: str, new: str, cases: list[str], fails: set[str], run: Run) -> None:
    """One row or effect edited in the working tree: the class, the cases, and what --fail-on makes of it."""
    edit(file, old, new)
    found = changes(run)
    assert {change["class"] for change in found} == {*kind.split(", ")}
    assert sorted({case for change in found for case in change["cases"]}) == cases
    assert all(change["surfaces"] == ["app", "api"] and change["rows"] for change in found)
    whole = compare(load(Path.cwd()), [])
    for words in ("silent", "open", "any", "silent open", ""):
        assert whole.fails(words.split()) == bool(set(words.split()) & fails), words


@pytest.mark.usefixtures("repository")
def test_worst_first_and_detail_apart(run: Run) -> None:
    edit(SECOND, f"{NOTICE}            - category\n", "silent\n")
    edit(SECOND, "then: passes", "then: fires")
    edit(FIRST, "then: fires", "then: may-fire")
    assert [change["class"] for change in changes(run)] == [
        "told less", "told less", "answer to altered", "decided to open",
    ]  # fmt: skip
    _, out, _ = run()
    sentence = (
        "assistant-2: 3 of 3 requests change; silent alteration grows for 3; for 2 the user is told less than before"
    )
    assert sentence in " ".join(out.split())
    assert "      app, api: answer -> silent-refusal; told never\n" in out
    git("checkout", "--quiet", "--", ".")
    edit(SECOND, "            - category\n", "            - model\n")
    _, out, _ = run()
    assert "assistant-2: 0 of 3 requests change\n\n  same outcome, other detail: 2 cases\n" in out
    assert "- visible-refusal notice: channel: in-conversation; names: category; when:" in " ".join(out.split())


@pytest.mark.usefixtures("repository")
def test_no_change(run: Run) -> None:
    edit(FIRST, "title: Unauthorised attacks", "title: Another title")
    code, out, err = run("--fail-on", "any")
    assert (code, err) == (0, "")
    assert out == f"HEAD, {git('rev-parse', 'HEAD')[:9]} -> the working tree\n\nno case changes\n"
    edit(FIRST, "then: fires", "then: may-fire")
    for words, code in (("open", 1), (" silent , open ,", 1), ("any,silent", 1), ("silent", 0), ("", 0), (",", 0)):
        assert run("--fail-on", words)[0] == code, words


@pytest.mark.usefixtures("repository")
def test_other_standings_only_where_they_add_something(run: Run) -> None:
    for file in (FIRST, SECOND):
        edit(file, "    title: Any account\n", "    title: Any account\n  - id: trusted\n    title: Checked\n")
    commit()
    edit(FIRST, "    rows:\n", "    rows:\n      - {id: trusted, standing: trusted, then: passes, evidence: [F-001]}\n")
    assert {tuple(change["surfaces"]) for change in changes(run)} == {("app/trusted", "api/trusted")}
    git("checkout", "--quiet", "--", ".")
    edit(FIRST, "then: fires", "then: may-fire")
    assert {tuple(change["surfaces"]) for change in changes(run)} == {("app", "api")}, "alike for all: told once"
    edit(
        FIRST,
        "    rows:\n",
        "    rows:\n      - {id: t, standing: trusted, risk: benign, then: fires, evidence: [F-001]}\n",
    )
    assert {(change["class"], *change["surfaces"]) for change in changes(run)} == {
        ("decided to open", "app", "api"), ("answer to altered", "app/trusted", "api/trusted"),
    }  # fmt: skip


@pytest.mark.usefixtures("repository")
def test_reasons_that_are_no_row(run: Run) -> None:
    edit(FIRST, "covers:\n  - cyber\n", "covers:\n")
    assert {tuple(change["rows"]) for change in changes(run)} == {("nothing: the category is no longer covered",)}
    git("checkout", "--quiet", "--", ".")
    text = FIRST.read_text(encoding="utf-8")
    first, start, rest = text.partition("  - id: attacks\n")
    FIRST.write_text(f"{text}{start}{rest}".replace(start, "  - id: other\n", 1).replace("limit", "denial", 1), "utf-8")
    commit()
    FIRST.write_text(text, encoding="utf-8")
    assert {row for change in changes(run) for row in change["rows"]} == {"other, which is gone"}
    assert first


# --- what is compared -------------------------------------------------------------------------------------------------


def test_two_policies(workspace: Path, run: Run) -> None:
    code, out, err = run("assistant-1", "assistant-2")
    assert (code, err) == (0, "")
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(out, encoding="utf-8")
    assert out == SNAPSHOT.read_text(encoding="utf-8")
    assert run("assistant-1", "assistant-1")[1] == "assistant-1 -> assistant-1\n\nno case changes\n"
    document = json.loads(run("assistant-1", "assistant-2", "--format", "json")[1])
    assert (document["format"], document["version"]) == ("policy-preview/diff/1", __version__)
    assert set(document) == {"format", "version", "old", "new", "policies", "policies_added", "policies_removed",
                             "cases_added", "cases_removed", "relabelled", "left_out"}  # fmt: skip
    (policy,) = document["policies"]
    assert (policy["old"], policy["new"], policy["cases"], policy["changed"]) == ("assistant-1", "assistant-2", 3, 2)
    assert policy["changes"][0] == {
        "class": "told more", "before": ["answer", "silent-limit"], "after": ["answer", "visible-refusal"],
        "told": {"before": "never", "after": "always"}, "detail": [], "surfaces": ["app", "api"],
        "rows": ["attacks/by-the-owner"], "effects": ["attacks/everywhere"], "evidence": ["F-003"], "cases": [B],
    }  # fmt: skip
    assert workspace


def test_files(workspace: Path, tmp_path: Path, run: Run) -> None:
    other = tmp_path / "draft.yaml"
    shutil.copy(FIRST, other)
    edit(other, "then: fires", "then: may-fire")
    assert [change["class"] for change in changes(run, "assistant-1", str(other))] == ["decided to open"]
    assert [change["after"] for change in changes(run, str(other), str(workspace / FIRST))] == [["silent-limit"]]
    change = (
        "changes: [{replace: attacks.rows.unauthorised, with: {risk: restricted, then: may-fire, evidence: [F-001]},\n"
    )
    change += "  rationale: a what-if, evidence: [F-001]}]\n"
    head = "schema: policy/1\nid: what-if\ntitle: What if\nstatus: counterfactual\nauthor: me\npublished: '2026'\n"
    other.write_text(f"{head}based_on: assistant-1\n{change}", encoding="utf-8")
    assert [change["class"] for change in changes(run, "assistant-1", str(other))] == ["decided to open"]
    for old, new, words in (
        ("assistant-1", "nowhere", "is based on `nowhere`, which is not in this workspace"),
        ("rows.unauthorised", "rows.unauthorized", "there is no `attacks.rows.unauthorized` to replace"),
        ("then: may-fire", "then: [1]", "PP1"),
        ("status: ", "statu: ", "PP101 unknown key `statu`; did you mean `status`?"),
    ):
        other.write_text(f"{head}based_on: assistant-1\n{change}".replace(old, new), encoding="utf-8")
        code, out, err = run("assistant-1", str(other))
        assert (code, out) == (2, "")
        assert words in err


def test_revisions(repository: Path, run: Run) -> None:
    first = git("rev-parse", "HEAD")
    edit(FIRST, "then: fires", "then: may-fire")
    second = commit()
    git("tag", "v1")
    edit(FIRST, "then: may-fire", "then: passes")
    for words, count in (
        ("HEAD~1..HEAD", 1), (f"{first}..{second[:8]}", 1), ("HEAD~1..", 1), ("..HEAD~1", 1), ("..", 0),
        ("v1..main", 0), ("HEAD", 1), (first, 1), ("HEAD^{/first}", 1), ("main", 1),
    ):  # fmt: skip
        assert len(changes(run, words)) == count, words
    assert [change["class"] for change in changes(run, "HEAD~1..HEAD")] == ["decided to open"]
    assert [change["class"] for change in changes(run, "HEAD~1")] == ["otherwise"], "the working tree, uncommitted"
    assert run("HEAD~1..")[1].startswith(f"HEAD~1, {first[:9]} -> HEAD, {second[:9]}\n")
    wrong = ("nowhere", "nowhere..HEAD", "$(touch pwned)", "HEAD;touch pwned", "HEAD:spec", "a b", "--", "-x", "HEAD\n")
    for word in (*wrong, "--output=pwned", "--upload-pack=touch pwned", "-c core.pager=touch"):
        code, out, err = run("--", word)
        assert (code, out) == (2, ""), word
        assert "no revision `" in err
    assert not [path.name for path in repository.iterdir() if "pwned" in path.name]


@pytest.mark.usefixtures("repository")
def test_merge_base(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    start = git("rev-parse", "HEAD")
    git("checkout", "--quiet", "-b", "feature")
    assert run()[1].startswith(f"HEAD, {start[:9]} -> the working tree\n"), "nothing of its own yet"
    edit(FIRST, "then: fires", "then: may-fire")
    tip = commit()
    git("checkout", "--quiet", "main")
    edit(SECOND, "then: fires", "then: passes")
    commit()
    assert run()[1].startswith(f"HEAD, {git('rev-parse', 'HEAD')[:9]} -> "), "on main itself"
    git("checkout", "--quiet", "feature")
    assert run()[1].startswith(f"the merge base with main, {start[:9]} -> the working tree\n")
    assert [change["class"] for change in changes(run)] == ["decided to open"], "and nothing of what main did since"
    git("branch", "release", tip)
    monkeypatch.setenv("GITHUB_BASE_REF", "release")
    assert run()[1].startswith(f"HEAD, {tip[:9]} -> ")
    monkeypatch.setenv("GITHUB_BASE_REF", "main")
    assert run()[1].startswith(f"the merge base with main, {start[:9]} -> ")
    for name in ("gone", "--all", "$(touch x)"):
        monkeypatch.setenv("GITHUB_BASE_REF", name)
        code, out, err = run()
        assert (code, out) == (2, ""), "another base would hide what changes"
        assert "fetch-depth: 0" in err
    git("clone", "--quiet", ".", str(tmp_path / "clone"))
    monkeypatch.chdir(tmp_path / "clone")
    monkeypatch.setenv("GITHUB_BASE_REF", "main")
    assert run()[1].startswith(f"the merge base with origin/main, {start[:9]} -> ")


def test_workspace_in_a_subfolder(repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = repository / ":(top) ü %s"
    inner.mkdir()
    for name in ("spec", "cases"):
        git("mv", name, inner.name)
    head = commit()
    edit(inner / FIRST, "then: fires", "then: may-fire")
    monkeypatch.chdir(inner / "cases")
    assert len(changes(run)) == 1
    monkeypatch.setenv("GIT_DIR", ".git")  # as git leaves it to its hooks
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    assert len(changes(run, head)) == 1
    monkeypatch.chdir(repository)
    assert len(changes(run, "--root", inner.name)) == 1


def test_where_git_has_nothing_to_say(workspace: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(workspace.parent))
    for words in ((), ("HEAD",), ("HEAD..HEAD",)):
        code, out, err = run(*words)
        assert (code, out) == (2, "")
        assert err.startswith("policy-preview: git says: not a git repository")
    git("init", "--quiet", "--initial-branch=main")
    assert "there is no commit yet" in run()[2]
    assert "no revision `HEAD`" in run("HEAD")[2]
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert "git says: detected dubious ownership in repository" in run()[2]
    monkeypatch.setenv("PATH", str(workspace))
    assert "git cannot be run: there is none on the path" in run()[2]


@pytest.mark.usefixtures("repository")
def test_what_could_not_be_compared_never_passes(run: Run) -> None:
    """A policy that was broken or taken away is no policy in which nothing changes."""
    good = FIRST.read_text()
    FIRST.write_text(good + "nonsense: true\n")
    code, out, err = run("--fail-on", "silent")
    assert (code, "no case changes in what could be compared" in out) == (2, True)
    assert "cannot be decided while files are left out" in err
    FIRST.unlink()
    assert run("--fail-on", "any")[0] == 1
    FIRST.write_text(good)
    assert run("--fail-on", "any,silent,open")[0] == 0


@pytest.mark.usefixtures("repository")
def test_a_surer_silence_is_more_silence(run: Run) -> None:
    edit(FIRST, "then: unspecified\n        question: Q-001", "then: fires")
    code, out, _ = run("--fail-on", "silent")
    assert code == 1
    assert "assistant-1: 1 of 3 requests changes; silent alteration grows for 1\n" in out


# --- what comes, goes and is left out ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("repository")
def test_invalid_on_one_side(run: Run) -> None:
    good = FIRST.read_text(encoding="utf-8")
    for bad in (good + "nonsense: true\n", good + "a: [\n"):
        FIRST.write_text(bad, encoding="utf-8")
        code, out, err = run()
        assert (code, err) == (0, "")
        assert f"left out, since it is not valid: {FIRST} (the working tree)" in " ".join(out.split())
        assert "removed" not in out, "it is there, if broken"
        broken = commit()
        FIRST.write_text(good, encoding="utf-8")
        _, out, _ = run("HEAD")
        assert f"left out, since it is not valid: {FIRST} (HEAD, {broken[:9]})" in " ".join(out.split())
        assert "added" not in out


SIDES = ("the working tree", "HEAD")


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("files", ["cases", "spec/policies", "spec/taxonomy.yaml", "."])
def test_everything_of_one_side_invalid(files: str, side: str, run: Run) -> None:
    """As far as it goes, which is nowhere: that is said, and never that nothing changes."""
    found = sorted(Path(files).rglob("*.yaml")) or [Path(files)]
    good = {path: path.read_text(encoding="utf-8") for path in found}
    for path in found:
        path.write_text(good[path] + "a: [\n", encoding="utf-8")
    if side == "HEAD":
        side = f"HEAD, {commit()[:9]}"
        for path, text in good.items():
            path.write_text(text, encoding="utf-8")
    code, out, err = run()
    assert (code, err) == (0, "")
    words = "no case changes in what could be compared" if "taxonomy" in files else "nothing could be compared"
    assert f"\n\n{words}\n\nleft out" in out
    assert [f"left out, since it is not valid: {path} ({side})" in " ".join(out.split()) for path in found]
    assert not any(word in out for word in ("added", "removed", "labels"))
    code, _, err = run("--fail-on", "any")
    assert (code, "cannot be decided while files are left out" in err) == (2, True)


@pytest.mark.usefixtures("repository")
def test_a_policy_whose_base_is_broken(run: Run) -> None:
    what_if = FIRST.with_name("what-if.yaml")
    what_if.write_text(
        "schema: policy/1\nid: what-if\ntitle: What if\nstatus: counterfactual\nauthor: me\npublished: '2026'\n"
        "based_on: assistant-1\nchanges: [{replace: attacks.rows.unauthorised, with: {risk: restricted, then: passes, "
        "evidence: [F-001]}, rationale: a what-if, evidence: [F-001]}]\n",
        encoding="utf-8",
    )
    commit()
    edit(SECOND, "then: passes", "then: fires")
    FIRST.write_text("a: [\n", encoding="utf-8")
    code, out, err = run()
    assert (code, err) == (0, "")
    assert "assistant-2: 1 of 3 requests changes" in out, "the rest is compared"
    for path in (FIRST, what_if):
        assert f"left out, since it is not valid: {path} (the working tree)" in " ".join(out.split())
    assert "removed" not in out


def test_a_workspace_without_policies_or_cases(repository: Path, run: Run) -> None:
    shutil.rmtree(repository / "spec" / "policies")
    assert run()[2] == "policy-preview: there is no policy to compare\n"
    git("checkout", "--quiet", "--", ".")
    shutil.rmtree(repository / "cases")
    (repository / "cases").mkdir()
    assert run()[2] == "policy-preview: there is no case to compare\n"


@pytest.mark.usefixtures("repository")
def test_cases_and_policies_come_and_go(run: Run) -> None:
    text = FAMILY.read_text(encoding="utf-8")
    edit(FAMILY, f"  - id: {A}\n", f"  - id: {A}\n    retired: Superseded.\n")
    assert "cases removed or retired: shop-sign-in-a\n" in run()[1]
    FAMILY.write_text(text[: text.index(f"  - id: {C}")] + text[text.index(f"  - id: {C}") :].replace(C, f"{C[:-1]}d"))
    SECOND.rename(SECOND.with_name("assistant-3.yaml"))
    edit(SECOND.with_name("assistant-3.yaml"), "id: assistant-2", "id: assistant-3")
    _, out, _ = run()
    assert out.endswith(
        "no case changes in what could be compared\n\npolicies added: assistant-3\n\npolicies removed: assistant-2\n\n"
        "cases added: shop-sign-in-d\n\ncases removed or retired: shop-sign-in-c\n"
    )


@pytest.mark.usefixtures("repository")
def test_labels_that_change_are_no_change_of_a_policy(run: Run) -> None:
    edit(FAMILY, "risk: restricted", "risk: benign\n    mode: agentic")
    code, out, _ = run("--fail-on", "any")
    assert code == 0
    assert (
        out.partition("\n\n")[2]
        == """no case changes

labels changed: 1 case
  shop-sign-in-c: cyber/penetration-testing restricted, chat ->
    cyber/penetration-testing benign, agentic
    under assistant-1: silent-limit -> answer
    under assistant-2: visible-refusal -> answer
"""
    )
    one = json.loads(run("--format", "json")[1])["relabelled"][0]
    assert (one["case"], one["policy"], one["before"], one["after"]) == (C, "assistant-1", ["silent-limit"], ["answer"])
    assert one["labels"]["after"]["facets"][0]["risk"] == "benign"


# --- a hostile repository ---------------------------------------------------------------------------------------------


def test_nothing_of_a_hostile_repository_runs(repository: Path, run: Run) -> None:
    """Hooks, filters, a monitor, attributes and links; the blobs are read as they are."""
    trap = f"touch {repository}/pwned; cat"
    keys = "core.fsmonitor core.sshCommand core.pager core.editor filter.x.smudge filter.x.clean filter.x.process"
    for key in f"{keys} diff.x.textconv gpg.program uploadpack.packObjectsHook alias.rev-parse alias.ls-tree".split():
        git("config", key, f"!{trap}" if key.startswith("alias") else trap)
    for name in ("post-checkout", "pre-commit", "reference-transaction", "fsmonitor-watchman", "post-index-change"):
        hook = repository / ".git" / "hooks" / name
        hook.write_text(f"#!/bin/sh\n{trap}\n", encoding="utf-8")
        hook.chmod(0o755)
    attributes = "*.yaml filter=x diff=x export-ignore export-subst ident text eol=crlf working-tree-encoding=UTF-16\n"
    (repository / ".git" / "info" / "attributes").write_text(attributes, encoding="utf-8")
    (repository / "spec" / ".gitattributes").write_text(attributes, encoding="utf-8")
    for path in repository.rglob("pwned"):
        path.unlink()
    edit(FIRST, "then: fires", "then: may-fire")
    assert [change["class"] for change in changes(run)] == ["decided to open"]
    assert len(changes(run, "HEAD..HEAD")) == 0
    assert not (repository / "pwned").exists()


@pytest.mark.usefixtures("repository")
def test_links_and_made_up_trees_lead_nowhere(run: Run, tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text(FIRST.read_text(encoding="utf-8").replace("fires", "passes"), "utf-8")
    FIRST.unlink()
    FIRST.symlink_to(tmp_path / "outside.yaml")
    linked = commit()
    _, out, _ = run(f"HEAD~1..{linked}")
    assert "policies removed: assistant-1\n" in out, "a link is no file of that revision"
    assert "left out" not in out
    blob = git("rev-parse", f"HEAD:{SECOND}")
    entries = [(b"100644", b"x.yaml")]
    target = f"{tmp_path}/escaped.yaml"
    for name in (b"../../../../../../../.." + target.encode(), b"..", target.encode(), b"a\\..\\b.yaml"):
        entries.append((b"100644", name))
    raw = b"".join(mode + b" " + name + b"\0" + bytes.fromhex(blob) for mode, name in sorted(entries))
    make = ("hash-object", "-t", "tree", "-w", "--stdin", "--literally")  # a tree that git itself would refuse to make
    inner = bytes.fromhex(git(*make, stdin=raw))
    root = git(*make, stdin=b"40000 cases\0" + inner + b"40000 spec\0" + inner)
    made_up = git("commit-tree", root, "-m", "made up")
    assert run(made_up)[0] == 0
    assert not (tmp_path / "escaped.yaml").exists()


def test_blobs_that_are_missing_or_huge(repository: Path, run: Run) -> None:
    size = 5 * 1024 * 1024
    (repository / "spec" / "evidence" / "big.yaml").write_bytes(b"# " + b"x" * size)
    head = commit()
    _, out, _ = run(f"{head}..{head}")
    assert out.count("left out, since it is not valid: spec/evidence/big.yaml") == 2
    blob = git("rev-parse", f"HEAD:{FIRST}")
    (repository / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    for setting in (
        "extensions.partialClone=evil", "remote.evil.promisor=true", "protocol.allow=always",
        "protocol.ext.allow=always", f"remote.evil.url=ext::sh -c touch% {repository}/pwned",
        "core.repositoryFormatVersion=1",
    ):  # fmt: skip
        git("config", *setting.split("=", 1))
    code, out, err = run("HEAD")
    assert (code, out) == (2, "")
    assert "git says: " in err or "the repository lacks " in err
    assert not (repository / "pwned").exists(), "nothing is fetched"
