"""What .github/SECURITY.md claims, held against runs on a workspace in which every file is a trap.

`CLAIMS` names the tests that hold each claim of that page; a claim without a test, or a test that is gone, fails.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from policy_preview import faults, plain
from policy_preview.__main__ import run as main
from policy_preview.complete import names
from policy_preview.quality import items
from policy_preview.writing import HALF

sys.path.insert(0, str(Path(__file__).parent))
from hostile import workspace as hostile
from trials import MOST_MEGABYTES, MOST_SECONDS

TESTS = Path(__file__).resolve().parent
REPO = TESTS.parents[1]
TEMPLATE = REPO / "tools" / "policy_preview" / "template"
FIRST = Path("spec/policies/acme/assistant-1.yaml")
FAMILY = Path("cases/cyber/shop-sign-in.yaml")
pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="needs git")

CLAIMS = {
    "Nothing of the workspace runs.": [
        "test_trust.test_only_installed_code_runs",
        "test_trust.test_the_module_is_as_safe_with_p",
        "test_trust.test_a_git_of_the_workspace_is_not_run",
        "test_diff_revisions.test_nothing_of_a_hostile_repository_runs",
    ],
    "Git reads objects, and no more.": [
        "test_trust.test_git_is_asked_for_objects_alone",
        "test_trust.test_files_that_look_like_a_repository_are_none",
        "test_diff_revisions.test_blobs_that_are_missing_or_huge",
        "test_diff_revisions.test_links_and_made_up_trees_lead_nowhere",
    ],
    "It reads what lies below spec/ and cases/.": [
        "test_trust.test_what_is_read",
        "test_trust.test_leftovers_are_not_read",
    ],
    "A configuration hides nothing.": [
        "test_config_firm.test_no_form_hides_what_is_silenced",
        "test_config_firm.test_no_firm_code_can_be_relaxed",
        "test_config_firm.test_nothing_passes_unread",
    ],
    "No link is followed out of the workspace.": [
        "test_trust.test_links_to_secrets",
        "test_trust.test_a_folder_that_is_a_link",
        "test_trust.test_a_completion_follows_no_link",
        "test_trust.test_a_link_to_another_workspace_does_not_pass",
        "test_hostile.test_no_file_to_read",
        "test_hostile.test_linked_folders_are_not_entered",
    ],
    "It writes where it is told.": [
        "test_trust.test_what_is_written",
        "test_trust.test_nothing_is_written_through_a_link",
        "test_page_written.test_a_made_up_list_takes_nothing_away",
    ],
    "It opens no connection.": ["test_trust.test_no_connection", "test_layers.test_one_owner_for_each_library"],
    "What is kept between runs is believed only if a run of this user wrote it.": [
        "test_cache.test_every_way_to_spoil_it_is_noticed",
        "test_cache.test_what_another_key_wrote_is_not_believed",
        "test_cache.test_another_version_finds_nothing_kept",
        "test_cache.test_a_link_or_a_pipe_in_its_place",
    ],
    "Its own schemas decide.": ["test_trust.test_schemas_of_the_workspace_are_not_believed"],
    "Data stays data.": ["test_trust.test_data_is_never_compiled", "test_trust.test_tags_make_nothing"],
    "What it shows is escaped.": [
        "test_report.test_safe_and_guarded",
        "test_hostile.test_names",
        "test_comment.test_hostile_text_in_a_workspace",
        "test_browser_hostile.test_nothing_runs_and_the_page_keeps_its_shape",
    ],
    "A report asks for nothing.": [
        "test_trust.test_the_pages_of_a_report_ask_for_nothing",
        "test_browser_hostile.test_nothing_runs_and_the_page_keeps_its_shape",
    ],
    "What is read has limits.": [
        "test_trust.test_the_limits_are_as_the_page_says",
        "test_hostile_floods.test_flood",
        "test_hostile_floods.test_flood_elsewhere",
        "test_hostile_floods.test_no_pattern_takes_long_over_a_text",
    ],
}


def test_every_claim_has_its_tests() -> None:
    page = (REPO / ".github" / "SECURITY.md").read_text(encoding="utf-8")
    page = page[page.index("## What a workspace can do") : page.index("## What it does not protect from")]
    assert re.findall(r"^- \*\*(.*?)\*\*", page, re.MULTILINE) == list(CLAIMS)
    for tests in CLAIMS.values():
        for file, name in (test.split(".") for test in tests):
            module = ast.parse((TESTS / f"{file}.py").read_text(encoding="utf-8"))
            assert name in {node.name for node in module.body if isinstance(node, ast.FunctionDef)}, name


# --- every command on a workspace of traps ---------------------------------------------------------------------------

MARK = "zugzwang"
MODULES = [
    *("jsonschema", "yaml", "sitecustomize", "usercustomize", "conftest", "jinja2", "policy_preview", "referencing"),
    *("argparse", "pyarrow", "numpy", "sklearn", "json", "runpy", "encodings", "_virtualenv"),
]
CARD = {
    "name": "x", "title": "x", "description": "x", "license": "CC-BY-4.0", "license_url": "https://x.example/",
    "creators": ["x"], "version": "0.1.0", "citation": "x", "published": "2026-01-05", "url": "https://x.example/",
}  # fmt: skip
COMMANDS = (
    "validate", "validate --format json spec", "preview", "preview shop-sign-in", "diff", "diff HEAD..HEAD --format md",
    "diff assistant-1 assistant-2", "history", "coverage", "gaps", "quality", "explain PP120",
    "export jsonl ../out/cases.jsonl", "export csv ../out/cases.csv", "export parquet ../out/cases.parquet",
    "export hub ../out/hub", "report --out ../out/report", "report --site --measure --out ../out/site",
    "agreement --draw ../out/packets first", "agreement held", "new fact more", "init ../out/new", "--version",
)  # fmt: skip
OWN = r"spec/schema/\w+\.schema\.json|policy-preview\.toml"  # read by validate alone
CARDS = r"cases/(README\.md|card\.json|agreement/(INSTRUCTIONS\.md|\w+/[\w./]+\.jsonl?))"
READ = rf"{OWN}|{CARDS}|(spec|cases)/[\w./-]+\.ya?ml"
OBJECTS = {"rev-parse", "merge-base", "ls-tree", "cat-file"}
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
Run = Callable[[str], tuple[int, str, str]]
Event = tuple[str, list[Any]]


def environment(**more: str) -> dict[str, str]:
    """Nobody's git configuration, no CI, and the tool as it stands here."""
    who = {f"GIT_{role}_{what}": "a@b.example" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GIT_", "GITHUB_", "CI", "PYTHON", "XDG_"))
    }
    ours = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PYTHONPATH": str(REPO / "tools")}
    return {**kept, **who, **ours, "PYTHONDONTWRITEBYTECODE": "1", **more}


def git(folder: Path, *words: str) -> str:
    command = ["git", "-C", str(folder), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment()).stdout.strip()


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a change, and everything in it that some tool would run, load or believe."""
    root = tmp_path_factory.mktemp("trust") / "workspace"
    shutil.copytree(TEMPLATE, root)
    (root.parent / "out").mkdir()
    trap = f"open({str(root.parent / 'pwned')!r}, 'a').write(__name__)\n"
    for name in MODULES:
        (root / f"{name}.py").write_text(trap, encoding="utf-8")
        (root / name).mkdir()
        (root / name / "__init__.py").write_text(trap, encoding="utf-8")
    (root / "evil.pth").write_text(f"import os; {trap}", encoding="utf-8")
    (root / "policy-preview.toml").write_text('ignore = ["PP136"]\n', encoding="utf-8")
    (root / ".env").write_text("SECRET=1\n", encoding="utf-8")
    (root / "spec" / "schema").mkdir()
    for kind in ("taxonomy", "evidence", "policy", "family"):
        (root / "spec" / "schema" / f"{kind}.schema.json").write_text(
            '{"$ref": "http://127.0.0.1:9/x"}', encoding="utf-8"
        )
    for file in root.rglob("*.yaml"):
        text = re.sub(r"^( *(?:- )?(?:title|statement|situation): ).*$",
                      rf"\1'{MARK} {{{{ 7 * 7 }}}} ${{x}} __import__(\"os\") $ref: file:///etc/passwd'",
                      file.read_text(encoding="utf-8"), flags=re.MULTILINE)  # fmt: skip
        file.write_text(text, encoding="utf-8")
    (root / "cases" / "card.json").write_text(json.dumps(CARD), encoding="utf-8")
    (root / "cases" / "README.md").write_text(f"# {MARK}\n\n## Labelling guide\n\n{{{{ 7 }}}}\n", encoding="utf-8")
    held = root / "cases" / "agreement" / "held"
    (held / "answers").mkdir(parents=True)
    (held.parent / "INSTRUCTIONS.md").write_text("Label.\n", encoding="utf-8")
    label = {"category": "cyber", "topic": "t", "risk": "benign", "span": "request", "rule": "cyber.1", "also": []}
    text = {"id": "T1", "packet": "p01", "case": "c", "family": "f", "lang": "en", "contested": [], **label}
    (held / "key.json").write_text(json.dumps({"texts": [text]}), encoding="utf-8")
    for reader in "ab":
        (held / "answers" / f"p01.{reader}.jsonl").write_text(json.dumps({"id": "T1", **label}), encoding="utf-8")
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "-m", "first")
    for key in ("core.fsmonitor", "core.pager", "core.editor", "diff.external", "core.sshCommand", "core.askPass"):
        git(root, "config", key, f"touch {root.parent}/pwned")
    (root / FIRST).write_text((root / FIRST).read_text(encoding="utf-8").replace(": fires", ": may-fire", 1), "utf-8")
    return root


def spied(command: str, folder: Path, **more: str) -> list[Event]:
    """The events of the audit hook while a command runs in a folder, as the installed script runs it."""
    seen = folder.parent / "events"
    words = [sys.executable, str(TESTS / "spy.py"), str(seen), *command.split()]
    done = subprocess.run(
        words,
        cwd=folder,
        env=environment(HOME=str(folder.parent / "home"), **more),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return [(event, given) for event, given in json.loads(seen.read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
def every(trapped: Path) -> dict[str, list[Event]]:
    """The events of every command."""
    return {command: spied(command, trapped) for command in COMMANDS}


def test_only_installed_code_runs(every: dict[str, list[Event]], trapped: Path) -> None:
    assert not (trapped.parent / "pwned").exists()
    installed = _installed()
    for command, events in every.items():
        ran = {given[0] for event, given in events if event in ("exec", "compile")}
        ran |= {given[1] for event, given in events if event == "import"}
        odd = {name for name in ran if name and not name.startswith("<") and not _below(name, trapped, installed)}
        assert not odd, command
        assert len(ran) > 20
        started = [given for event, given in events if event.startswith(("subprocess.", "os.")) and "exec" in event]
        started += [
            given for event, given in events if event.startswith(("subprocess.", "os.posix", "os.system", "pty"))
        ]
        assert {Path(given[0]).name for given in started} <= {"git"}, command
        assert bool(started) == (command.startswith("diff") and "assistant" not in command)


def test_the_module_is_as_safe_with_p(trapped: Path) -> None:
    """`python -m` puts the current folder first, and what lies there runs before the tool: the page says so."""
    for option, runs in (("-P", False), ("", True)):
        words = [sys.executable, *option.split(), "-m", "policy_preview", "validate"]
        done = subprocess.run(words, cwd=trapped, env=environment(), capture_output=True, timeout=60, check=False)
        assert (trapped.parent / "pwned").exists() == runs, done.stderr
    (trapped.parent / "pwned").unlink()


def _installed() -> list[Path]:
    """Where Python, its libraries and the tool lie."""
    paths = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    paths += [
        sys.prefix,
        sys.base_prefix,
        REPO / "tools" / "policy_preview",
        REPO / "spec" / "schema",
        TESTS / "spy.py",
    ]
    return [Path(os.path.realpath(path)) for path in paths]


def _below(name: str, here: Path, folders: list[Path]) -> bool:
    path = Path(os.path.realpath(here / name))
    return any(path == folder or folder in path.parents for folder in folders)


def _passing(path: Path) -> bool:
    """Where `diff` puts an older tree, what `tempfile` tries, and what tells libraries of the machine."""
    machine = ("/proc", "/sys", "/usr/share/zoneinfo", "/etc/localtime", os.devnull)
    if any(path.is_relative_to(each) for each in machine):
        return True
    temporary = Path(os.path.realpath(tempfile.gettempdir()))
    parts = path.relative_to(temporary).parts if path.is_relative_to(temporary) else ()
    return len(parts) == 1 or (len(parts) > 1 and parts[0].startswith("policy-preview-"))


def test_what_is_read(every: dict[str, list[Event]], trapped: Path) -> None:
    installed = _installed()
    for command, events in every.items():
        opened = [given for event, given in events if event == "open" and isinstance(given[0], str)]
        read = {name for name, _, flags in opened if not (flags or 0) & (WRITES | os.O_DIRECTORY)}
        odd, seen = set(), set()
        for name in read:
            path = Path(os.path.realpath(trapped / name))
            if path.is_relative_to(trapped):
                seen.add(path.relative_to(trapped).as_posix())
            elif not _below(
                name, trapped, [*installed, trapped.parent / "out", trapped.parent / "home"]
            ) and not _passing(path):
                odd.add(name)
        assert not odd, command
        assert {name for name in seen if not re.fullmatch(READ, name)} == set(), command
        assert not any("/." in f"/{name}" for name in seen), command
        of_validate = any(name.startswith("spec/schema") or name.endswith(".toml") for name in seen)
        assert of_validate == command.startswith("validate")
        if command.split()[0] in ("validate", "preview", "diff", "report"):
            assert FIRST.as_posix() in seen


def test_what_is_written(every: dict[str, list[Event]], trapped: Path) -> None:
    told = {
        "export": "../out/",
        "report": "../out/",
        "agreement --draw": "../out/",
        "init": "../out/",
        "new": "spec/evidence",
        "validate": "../home/",
    }
    for command, events in every.items():
        home = next((folder for words, folder in told.items() if command.startswith(words)), "")
        changed = {given[0] for event, given in events if event == "open" and (given[2] or 0) & WRITES}
        changed |= {given[0] for event, given in events if event in ("os.mkdir", "os.rename", "os.link", "os.remove")}
        paths = {Path(os.path.realpath(trapped / name)) for name in changed if isinstance(name, str)} - {
            Path(os.devnull)
        }
        key = {trapped / "cases/agreement/first"} if "--draw" in command else set()
        allowed = {Path(os.path.realpath(trapped / home)) if home else Path("/nowhere"), *key}
        odd = {path for path in paths if not any(path.is_relative_to(folder) for folder in allowed)}
        assert not {path for path in odd if path.is_relative_to(trapped.parent) or not _passing(path)}, command
        second = command != COMMANDS[0] and command.startswith("validate")  # which finds all kept by the first
        assert bool(paths) == bool((home and not second) or ("diff" in command and "assistant" not in command)), command


def test_no_connection(every: dict[str, list[Event]]) -> None:
    """Not even one to the machine itself, and no name is looked up."""
    for command, events in every.items():
        kinds = ("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "webbrowser.")
        assert [event for event, _ in events if event.startswith(kinds) and event != "socket.__new__"] == [], command


def test_data_is_never_compiled(every: dict[str, list[Event]]) -> None:
    """No text of a file is part of anything that Python compiles, runs or unpickles, also where a template shows it."""
    for command, events in every.items():
        assert not [given for event, given in events if event in ("compile", "exec") and given[1]], command
        assert not [given for event, given in events if event.startswith("pickle.") and MARK in str(given)], command


def test_git_is_asked_for_objects_alone(every: dict[str, list[Event]], trapped: Path) -> None:
    started = [given for events in every.values() for event, given in events if event == "subprocess.Popen"]
    assert {given[1][5] for given in started} == OBJECTS - {"merge-base"} | {"merge-base"}
    for program, words, _, env in started:
        assert Path(program).is_absolute()
        assert words[1:5] == ["-c", "safe.bareRepository=explicit", "-C", str(trapped)]
        assert not {"--textconv", "--filters", "--ext-diff", "fetch"} & set(words)
        assert (env["GIT_ALLOW_PROTOCOL"], env["GIT_NO_LAZY_FETCH"], env["GIT_TERMINAL_PROMPT"]) == ("none", "1", "0")
        assert (env["GIT_NO_REPLACE_OBJECTS"], env["GIT_OPTIONAL_LOCKS"]) == ("1", "0")


def test_schemas_of_the_workspace_are_not_believed(trapped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that lie in it accept everything, and refer to an address."""
    monkeypatch.chdir(trapped)
    assert main(["validate", "--format", "concise"]) == 1, "the change of the fixture"
    broken = trapped / "spec" / "policies" / "acme" / "broken.yaml"
    broken.write_text("schema: policy/1\nid: broken\nno: such key\n", encoding="utf-8")
    try:
        assert main(["validate", str(broken)]) == 1
    finally:
        broken.unlink()


# --- git --------------------------------------------------------------------------------------------------------------


def test_a_git_of_the_workspace_is_not_run(workspace: Path, tmp_path: Path, run: Run) -> None:
    """Wherever a path that is relative to the current folder would find it first."""
    for folder in (workspace, workspace / "bin"):
        folder.mkdir(exist_ok=True)
        (folder / "git").write_text(f"#!/bin/sh\ntouch {tmp_path}/pwned\n", encoding="utf-8")
        (folder / "git").chmod(0o755)
    git(workspace, "init", "--quiet")
    git(workspace, "add", "--all")
    git(workspace, "commit", "--quiet", "-m", "first")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f".:bin::{os.environ['PATH']}")
        assert run("diff HEAD")[0] == 0
        patch.setenv("PATH", ".:bin:")
        code, _, err = run("diff HEAD")
    assert (code, "there is none on the path" in err) == (2, True)
    assert not (tmp_path / "pwned").exists()


def test_files_that_look_like_a_repository_are_none(workspace: Path, tmp_path: Path, run: Run) -> None:
    """A change may add what the inside of a repository looks like, beside spec/ in a folder of the real repository.

    Its objects and its configuration would be taken for those of the base, and the change would compare with itself.
    """
    root = tmp_path / "repository"
    home = root / "policies"
    shutil.copytree(workspace, home)
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "-m", "first")
    (home / FIRST).write_text((home / FIRST).read_text(encoding="utf-8").replace(": fires", ": passes", 1), "utf-8")
    made_up = tmp_path / "made-up"
    shutil.copytree(root, made_up)
    git(made_up, "commit", "--quiet", "--all", "-m", "as if nothing had changed")
    git(tmp_path, "clone", "--quiet", "--bare", str(made_up), str(tmp_path / "bare"))
    for entry in (tmp_path / "bare").iterdir():
        shutil.move(entry, home / entry.name)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment().items():
            patch.setenv(name, value)
        code, out, err = run(f"diff HEAD --fail-on any --root {home}")
    assert (code, out) == (2, "")
    assert "git says: cannot use bare repository" in err, "git 2.38 knows how to refuse it"


# --- links ------------------------------------------------------------------------------------------------------------


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


# --- data and limits --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system ['touch pwned']", "!!python/name:os.system", "!x y"])
def test_tags_make_nothing(tag: str, workspace: Path, run: Run) -> None:
    (workspace / "spec" / "evidence" / "x.yaml").write_text(f"title: {tag}\n", encoding="utf-8")
    code, out, _ = run("validate --format concise")
    assert (code, "x.yaml:1:8: PP014 tag `" in out) == (1, True)
    assert not (workspace / "pwned").exists()


def test_the_pages_of_a_report_ask_for_nothing(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """In every field of the schemas stands text that would load something, run something or send something."""
    root = tmp_path / "hostile"
    text = '<img src="https://evil.example/x"><script src=//evil.example></script><form action=https://evil.example>'
    hostile(root, lambda _, most: text[:most])
    monkeypatch.chdir(root)
    assert run("report --site --out pages")[0] == 0
    pages = list((root / "pages").glob("*.html"))
    assert len(pages) > 4
    for page in pages:
        found = page.read_text(encoding="utf-8")
        policy = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', found)
        assert len(policy) == 1
        assert policy[0].startswith("default-src &#39;none&#39;; style-src &#39;sha256-")
        assert policy[0].endswith("img-src data:; base-uri &#39;none&#39;; form-action &#39;none&#39;")
        assert "unsafe" not in policy[0]
        assert not re.findall(r"<(?:img|iframe|object|embed|base|audio|video|source)\b|<form[^>]*action", found)
        assert re.findall(r"<link\b[^>]*>", found) == ['<link rel="icon" href="data:,">']
        assert re.findall(r"<script\b([^>]*)>", found) in ([""], [""] * 2, [' type="application/json" id="data"', ""])


def test_the_limits_are_as_the_page_says() -> None:
    page = (REPO / ".github" / "SECURITY.md").read_text(encoding="utf-8")
    for words in (
        f"{faults.MAX_BYTES // 2**20} MiB a YAML file", f"{faults.MAX_NODES:,} values", f"{faults.MAX_DEPTH} levels",
        f"{plain._MOST_BYTES // 2**20} MiB any other file", f"{items._MOST_BYTES // 2**20} MiB a set",
        f"takes {MOST_SECONDS:.0f} seconds of the processor and {MOST_MEGABYTES} MB at most",
    ):  # fmt: skip
        assert words in " ".join(page.split()), words
