"""Which states of a real git repository are compared, a hostile repository included."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from real_git import FIRST, MARKS, SECOND, Run, changes, commit, committed, differ, edit, git  # beside this file

pytestmark = MARKS
run, repository = pytest.fixture(differ), pytest.fixture(committed)


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
