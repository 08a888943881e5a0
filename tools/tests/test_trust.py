"""What .github/SECURITY.md claims, each with the tests that hold it; those of data and of limits stand here.

`CLAIMS` names the tests that hold each claim of that page; a claim without a test, or a test that is gone, fails.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from hostile import workspace as hostile  # beside this file
from traps import REPO, Run  # beside this file
from trials import MOST_MEGABYTES, MOST_SECONDS  # beside this file

from policy_preview import faults, plain
from policy_preview.quality import items

TESTS = Path(__file__).resolve().parent
CLAIMS = {
    "Nothing of the workspace runs.": [
        "test_trust_runs.test_only_installed_code_runs",
        "test_trust_runs.test_the_module_is_as_safe_with_p",
        "test_trust_runs.test_a_git_of_the_workspace_is_not_run",
        "test_diff_revisions.test_nothing_of_a_hostile_repository_runs",
    ],
    "Git reads objects, and no more.": [
        "test_trust_runs.test_git_is_asked_for_objects_alone",
        "test_trust_runs.test_files_that_look_like_a_repository_are_none",
        "test_diff_revisions.test_blobs_that_are_missing_or_huge",
        "test_diff_revisions.test_links_and_made_up_trees_lead_nowhere",
    ],
    "It reads what lies below spec/ and cases/.": [
        "test_trust_runs.test_what_is_read",
        "test_trust_links.test_leftovers_are_not_read",
    ],
    "A configuration hides nothing.": [
        "test_config_firm.test_no_form_hides_what_is_silenced",
        "test_config_firm.test_no_firm_code_can_be_relaxed",
        "test_config_firm.test_nothing_passes_unread",
    ],
    "No link is followed out of the workspace.": [
        "test_trust_links.test_links_to_secrets",
        "test_trust_links.test_a_folder_that_is_a_link",
        "test_trust_links.test_a_completion_follows_no_link",
        "test_trust_links.test_a_link_to_another_workspace_does_not_pass",
        "test_hostile.test_no_file_to_read",
        "test_hostile.test_linked_folders_are_not_entered",
    ],
    "It writes where it is told.": [
        "test_trust_runs.test_what_is_written",
        "test_trust_links.test_nothing_is_written_through_a_link",
        "test_page_written.test_a_made_up_list_takes_nothing_away",
    ],
    "It opens no connection.": ["test_trust_runs.test_no_connection", "test_layers.test_one_owner_for_each_library"],
    "What is kept between runs is believed only if a run of this user wrote it.": [
        "test_cache_believed.test_every_way_to_spoil_it_is_noticed",
        "test_cache_believed.test_what_another_key_wrote_is_not_believed",
        "test_cache_believed.test_another_version_finds_nothing_kept",
        "test_cache_believed.test_a_link_or_a_pipe_in_its_place",
    ],
    "Its own schemas decide.": ["test_trust_runs.test_schemas_of_the_workspace_are_not_believed"],
    "Data stays data.": ["test_trust_runs.test_data_is_never_compiled", "test_trust.test_tags_make_nothing"],
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
