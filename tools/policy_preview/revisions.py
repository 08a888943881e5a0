"""Workspaces of other revisions, by git. Reads blobs only: no checkout, no filter, no hook, no fetch, no shell."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath

from .core import UsageError
from .faults import MAX_BYTES

# Where a CI job names the branch that a change is meant for: GitHub, GitLab.
_TARGETS = ("GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME")
_ABOUT = ("GITHUB_SHA", "CI_COMMIT_SHA")  # and the commit that it is about
# Set by git for its hooks, and then not about the repository that the workspace lies in.
_INHERITED = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"})
# No fetching of missing objects, which may run what the repository's configuration names; no magic in path names.
_OURS = {
    **dict.fromkeys(("GIT_LITERAL_PATHSPECS", "GIT_NO_LAZY_FETCH", "GIT_NO_REPLACE_OBJECTS"), "1"),
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
# A folder of the workspace that looks like the inside of a repository is none.
_CAREFUL = ("-c", "safe.bareRepository=explicit")


def _program() -> str:
    """Where git is. Folders that are relative to the current one are passed over: they may be a workspace's."""
    folders = [each for each in os.environ.get("PATH", os.defpath).split(os.pathsep) if Path(each).is_absolute()]
    if found := shutil.which("git", path=os.pathsep.join(folders)):
        return found
    raise UsageError("git cannot be run: there is none on the path")


def _git(root: Path, *arguments: str, stdin: bytes | None = None) -> bytes:
    """What git prints. Raises UsageError with git's own words where it fails."""
    command = [_program(), *_CAREFUL, "-C", str(root), *arguments]
    environment = {name: value for name, value in os.environ.items() if name not in _INHERITED} | _OURS
    try:
        done = subprocess.run(command, input=stdin, capture_output=True, check=False, env=environment)  # noqa: S603  # no shell; revisions are checked by rev-parse first
    except OSError as error:
        raise UsageError(f"git cannot be run: {error.strerror}") from error
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        words = next((line for line in lines if line.startswith(("fatal: ", "error: "))), lines[-1] if lines else "")
        raise UsageError(f"git says: {words.partition(': ')[2] or words or 'failed'}")
    return done.stdout


def commit(root: Path, revision: str) -> str:
    """The full id of the commit that `revision` names. Raises UsageError if there is none."""
    try:
        found = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    except UsageError:
        _git(root, "rev-parse", "--git-dir")  # says so where there is no repository at all
        raise UsageError(f"no revision `{revision}` in this repository") from None
    return found.decode().strip()


def base(root: Path) -> tuple[str, str]:
    """What a working tree is compared with: the commit, and in words what it is. Raises UsageError.

    The merge base with the branch that this one is meant for, where that can be told. A CI job often has no branch at
    all: then what it names as the base, or the first parent of the merge commit that it has checked out, which is the
    tip of that branch. Where nothing is meant, HEAD.
    """
    other = "or hold two policies against each other: `policy-preview diff OLD NEW`"
    try:
        _git(root, "rev-parse", "--git-dir")
    except UsageError as error:
        raise UsageError(f"{error}; make one with `git init`, add and commit, {other}") from None
    try:
        head = commit(root, "HEAD")
    except UsageError:
        raise UsageError(f"there is no commit yet to hold the working tree against; make one, {other}") from None
    target = next(filter(None, map(os.environ.get, _TARGETS)), "")
    names = ["origin/HEAD", "origin/main", "origin/master", "main", "master", "@{upstream}"]
    bases = list(_bases(root, head, [f"origin/{target}", target] if target else names))
    bases = bases or list(_of_the_job(root, head, target))
    for found, name in bases:
        if found != head:
            return found, f"{name}, {found[:9]}"
    if not bases and (target or _shallow(root)):  # HEAD, or another base, would hide what changes
        raise UsageError(_too_shallow(root, head, target))
    return head, f"HEAD, {head[:9]}"


def _bases(root: Path, head: str, names: list[str]) -> Iterator[tuple[str, str]]:
    """The merge bases of `head` with those of the branches that are there."""
    for name in names:
        with suppress(UsageError):
            yield _git(root, "merge-base", head, commit(root, name)).decode().strip(), f"the merge base with {name}"


def _of_the_job(root: Path, head: str, target: str) -> Iterator[tuple[str, str]]:
    """What stands for a merge base in a checkout without branches: the base that GitLab names, or the first parent of
    a merge commit that no branch stands on and that is the one which the job is about.
    """
    named = os.environ.get("CI_MERGE_REQUEST_DIFF_BASE_SHA", "") if target else ""
    with suppress(UsageError):
        if named:
            yield commit(root, named), f"the merge base with {target}"
    with suppress(UsageError):
        if _is_merge(root, head):
            yield commit(root, "HEAD^1"), "the first parent of the merge commit HEAD"


def _is_merge(root: Path, head: str) -> bool:
    """Whether HEAD is the merge commit that a CI job is about: on no branch, and with two parents, here or not."""
    about = next(filter(None, map(os.environ.get, _ABOUT)), head)
    detached = _git(root, "rev-parse", "--abbrev-ref", "HEAD").strip() == b"HEAD"
    return (
        about == head
        and detached
        and _git(root, "cat-file", "commit", head).partition(b"\n\n")[0].count(b"\nparent ") > 1
    )


def _shallow(root: Path) -> bool:
    return _git(root, "rev-parse", "--is-shallow-repository").decode().strip() == "true"


def _too_shallow(root: Path, head: str, target: str) -> str:
    """What is missing, and the line to write. This tool never fetches it."""
    what = f"the branch `{target}` that this one is meant for" if target else "the branch that this one is meant for"
    merge = "`fetch-depth: 2` (the merge commit and its parents) or " if _is_merge(root, head) else ""
    fix = f"in GitHub workflows write {merge}`fetch-depth: 0` (everything) under `with:` of actions/checkout"
    if os.environ.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME"):
        fix = "write `GIT_DEPTH: 0` under `variables:` of the job"
    return f"{what} is not here, or not far enough back, and nothing else to compare with is; {fix}"


@contextmanager
def tree(root: Path, revision: str) -> Iterator[Path]:
    """The spec/ and cases/ of the workspace at `root` as they stood at a commit, in a folder that goes away again."""
    prefix = _git(root, "rev-parse", "--show-prefix").decode("utf-8", "surrogateescape").removesuffix("\n")
    listed = _git(root, "ls-tree", "-r", "-l", "-z", "--full-tree", revision, "--", f"{prefix}spec", f"{prefix}cases")
    blobs: dict[str, tuple[str, int]] = {}  # by path below the workspace: which one, and its size
    for entry in listed.decode("utf-8", "surrogateescape").split("\0"):
        head, _, path = entry.partition("\t")
        if head[:3] == "100" and path.lower().endswith((".yaml", ".yml")):  # files, not links or other repositories
            name, length = head.split()[2:]
            blobs[path[len(prefix) :]] = (name, int(length) if length.isdigit() else 0)
    contents = _blobs(root, [name for name, size in blobs.values() if size <= MAX_BYTES])
    with tempfile.TemporaryDirectory(prefix="policy-preview-") as folder:
        # resolved, since the system's folder for such things may itself be a link
        target = Path(folder).resolve()
        try:
            for top in ("spec", "cases"):
                (target / top).mkdir()
            for path, (_, size) in blobs.items():
                _write(target, path, next(contents) if size <= MAX_BYTES else b"", size)
        except OSError as error:
            raise UsageError(f"the files of {revision[:9]} cannot be written out: {error.strerror}") from error
        yield target


def _write(target: Path, path: str, content: bytes, size: int) -> None:
    """A file of an older tree. Nothing is written outside of `target`, whatever a made-up tree calls its entries."""
    file = target / path
    if ".." in PurePath(path).parts or target not in file.parents:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    if size > MAX_BYTES:  # too big to be read: the size is enough to say so
        os.truncate(file, size)


def _blobs(root: Path, names: list[str]) -> Iterator[bytes]:
    """The contents of blobs, in order. Raises UsageError for one that is not there, as in a partial clone."""
    if not names:
        return
    stream = _git(root, "cat-file", "--batch", stdin="".join(f"{name}\n" for name in names).encode())
    at = 0
    for name in names:
        end = stream.index(b"\n", at)
        _, kind, *size = stream[at:end].split()
        if kind != b"blob":
            raise UsageError(f"the repository lacks {name[:9]}, a file of that revision; fetch it whole")
        at = end + 1 + int(size[0]) + 1
        yield stream[end + 1 : at - 1]
