"""How each fault of a configuration is told, with its place, and that no name in it does harm."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from configured import FAMILY, OWN, SHARED, Run, edit  # beside this file

from policy_preview.__main__ import run as main
from policy_preview.toml import MAX_BYTES

pytestmark = pytest.mark.usefixtures("workspace")
ENTRY = '[[per-file-ignores]]\nfiles = ["cases/**"]\ncodes = ["PP303"]\nreason = "r"\n'
KNOWN = "known here: select, ignore, severity, per-file-ignores"
ANY = "write a code such as PP301; `select` and ignores take the beginning of several too, such as PP3"
FAULTS = {
    'selct = ["PP3"]': "1:1: unknown key `selct`; did you mean `select`?",
    "\n# x\n  nonsense = 1": f"3:3: unknown key `nonsense`; {KNOWN}",
    "strict = true": f"1:1: unknown key `strict`; {KNOWN}",
    '[tool.policy-preview]\nselect = ["PP3"]': (
        "1:2: unknown key `tool`; in policy-preview.toml the keys stand at the top, without [tool.policy-preview]"
    ),
    'select = "PP3"': "1:10: `select` must be a list, not text",
    "select = [\n  3\n]": "2:3: an item of `select` must be text, not a number",
    "ignore = [true]": "1:11: an item of `ignore` must be text, not true or false",
    "ignore = {PP3 = 1}": "1:10: `ignore` must be a list, not a table",
    "ignore = 1979-05-27": "1:10: `ignore` must be a list, not a date or time",
    "select = []": "1:10: `select` selects nothing; name codes, or leave it out to check all",
    'select = ["PP3"]\nignore = ["PP3", "PP4"]': (
        "2:1: nothing is left to check: `ignore` takes all that `select` names"
    ),
    'select = [\n  "PP3",\n  "PP310", "PP399"]': "3:12: unknown code `PP399`; did you mean `PP319`?",
    'ignore = ["pp303"]': "1:11: unknown code `pp303`; did you mean `PP303`?",
    'ignore = ["PP9"]': f"1:11: unknown code `PP9`; {ANY}",
    'ignore = ["E501"]': f"1:11: unknown code `E501`; {ANY}",
    'ignore = [""]': f"1:11: unknown code ``; {ANY}",
    'ignore = ["P"]': f"1:11: unknown code `P`; {ANY}",
    'ignore = ["PP1"]': (
        "1:11: PP1 takes in PP101, which cannot be silenced; something would pass unread; name the other codes alone"
    ),
    'ignore = ["PP0"]': "1:11: PP0 takes in PP001, which cannot be silenced; something would pass unread",
    'severity = "error"': "1:12: `severity` must be a table, not text",
    'severity.PP3 = "error"': f"1:10: unknown code `PP3`; {ANY}",
    '[severity]\nPP303 = "warn"': "2:9: `warn` is no severity; did you mean `warning`?",
    "[severity]\nPP303 = 0": "2:9: `0` is no severity; write error or warning, in double quotes",
    "[severity]\nPP303 = []": "2:9: `[...]` is no severity; write error or warning, in double quotes",
    '[per-file-ignores]\n"cases/**" = ["PP303"]': "1:2: `per-file-ignores` must be a list, not a table",
    'per-file-ignores = ["x"]': "1:21: an item of `per-file-ignores` must be a table, not text",
    ENTRY.replace("reason", "reasons"): "4:1: unknown key `reasons`; did you mean `reason`?",
    ENTRY.replace('reason = "r"', ""): (
        "1:1: this needs a key `reason`; an exemption has `files`, `codes` and a `reason`"
    ),
    ENTRY.replace('"r"', '" \u200b\u2800 "'): "4:10: `reason` is empty; say why these files may do this",
    ENTRY.replace('"r"', "1"): "4:10: `reason` must be text, not a number",
    ENTRY.replace('"PP303"', ""): "3:9: `codes` is empty; name one, or remove the entry",
    ENTRY.replace('"cases/**"', ""): "2:9: `files` is empty; name one, or remove the entry",
    ENTRY + ENTRY.replace("cases/**", "cases/cyber"): (
        "6:10: `cases/cyber` matches no file; write the path from the workspace's root, such as `cases/cyber/*.yaml`, "
        "or `cases/**` for all below"
    ),
    'select = ["PP3"': "1:16: not valid TOML: unclosed array",
    "select": "1:7: not valid TOML: expected '=' after a key in a key/value pair",
    'select = ["PP3"]\nselect = ["PP4"]': "2:17: not valid TOML: cannot overwrite a value; this key or table "
    "stands twice; keep one",
    'select = "\x1b"': "1:11: not valid TOML: illegal character '\\x1b'",
    "[a]\n[a]": "2:3: not valid TOML: cannot declare ('a',) twice; this key or table stands twice; keep one",
}


@pytest.mark.parametrize("text", FAULTS)
def test_each_fault_is_told_with_its_place(text: str, run: Run) -> None:
    OWN.write_text(text, encoding="utf-8")
    assert run("validate") == (2, "", f"policy-preview: policy-preview.toml:{FAULTS[text]}\n")
    assert run("validate --no-config")[0] == 0


def test_faults_of_the_file_itself(tmp_path: Path, run: Run) -> None:
    def said(words: str) -> None:
        assert run("validate") == (2, "", f"policy-preview: {words}\n")

    OWN.write_bytes(b'select = [\n "\xff"]')
    said("policy-preview.toml:2:3: not UTF-8: byte 0xff; save the file as UTF-8")
    OWN.write_bytes(b"\xef\xbb\xbfselect = []")
    said("policy-preview.toml:1:1: a byte order mark; save the file without one")
    OWN.write_bytes(b"#" * (MAX_BYTES + 1))
    said("policy-preview.toml:1:1: more than the 262,144 bytes that are read")
    OWN.write_bytes(b"#" * MAX_BYTES)
    assert run("validate")[0] == 0
    OWN.unlink()
    OWN.symlink_to("nowhere")
    said("policy-preview.toml:1:1: cannot be read: No such file or directory")
    OWN.unlink()
    OWN.symlink_to(OWN)
    assert run("validate")[2].startswith("policy-preview: policy-preview.toml:1:1: cannot be read: ")
    OWN.unlink()
    (tmp_path / "secret").write_text('password = "x"\n', encoding="utf-8")
    OWN.symlink_to(tmp_path / "secret")
    said("policy-preview.toml:1:1: a link out of the workspace; put the file here")
    OWN.unlink()
    OWN.symlink_to("shared.txt")
    Path("shared.txt").write_text('select = ["PP3"]\n', encoding="utf-8")
    assert run("validate")[0] == 0, "within the workspace a link is a file"
    OWN.unlink()
    for make in (OWN.mkdir, lambda: os.mkfifo(OWN)):
        make()
        said("policy-preview.toml:1:1: not a regular file; put a TOML file here, or take the name away")
        OWN.rmdir() if OWN.is_dir() else OWN.unlink()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(run: Run) -> None:
    OWN.write_text("", encoding="utf-8")
    OWN.chmod(0)
    said = "policy-preview: policy-preview.toml:1:1: cannot be read: Permission denied\n"
    assert run("validate") == (2, "", said)


SHARED_FAULTS = {
    "[tool.policy-preview]\nselect = []": "2:10: `select` selects nothing; name codes, or leave it out to check all",
    '[tool.policy-preview]\nselct = ["PP3"]': "2:1: unknown key `selct`; did you mean `select`?",
    "tool.policy-preview = 1": "1:23: `tool.policy-preview` must be a table, not a number",
    "[tool.policy_preview]": "1:7: unknown table `policy_preview`; did you mean `policy-preview`?",
    "[tool.policy-previw]": "1:7: unknown table `policy-previw`; did you mean `policy-preview`?",
    "[project]\nname = 'x": '3:1: not valid TOML: expected "\'"',
}


@pytest.mark.parametrize("text", SHARED_FAULTS)
def test_faults_in_pyproject(text: str, run: Run) -> None:
    SHARED.write_text(text + "\n", encoding="utf-8")
    assert run("validate") == (2, "", f"policy-preview: pyproject.toml:{SHARED_FAULTS[text]}\n")


def test_two_configurations_are_one_too_many(run: Run) -> None:
    OWN.write_text("", encoding="utf-8")
    SHARED.write_text("[project]\n", encoding="utf-8")
    assert run("validate")[0] == 0
    SHARED.write_text("[tool.policy-preview]\n", encoding="utf-8")
    said = "this holds the configuration; [tool.policy-preview] of pyproject.toml does too; keep one of the two"
    assert run("validate") == (2, "", f"policy-preview: policy-preview.toml:1:1: {said}\n")


def test_hostile_names_do_no_harm(
    workspace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = workspace.rename(workspace.parent / "::error::x\x1b[31m ##[group]\u202e")
    monkeypatch.chdir(root.parent)
    for text in (
        '"::error::\\u001b[31m ##[x]\\u202e" = 1',
        'ignore = ["PP3"]\nselect = ["\\u0007::error::"]',
        "ignore = [",
    ):
        (root / OWN).write_text(text + "\n", encoding="utf-8")
        code, out, err = main(["validate", "--root", root.name]), *capsys.readouterr()
        assert (code, out) == (2, "")
        assert err.removesuffix("\n").isprintable()
        assert "##[" not in err
        assert err.startswith("policy-preview: ")
    (root / OWN).write_text('ignore = ["PP3"]\n', encoding="utf-8")
    edit(root / FAMILY, "risk: benign", "risk: restricted")
    for form in ("text", "concise", "json"):
        code, out, _ = main(["validate", "--root", root.name, "--format", form]), *capsys.readouterr()
        assert code == 0
        assert all(line.isprintable() and "##[" not in line for line in out.split("\n"))
        assert not any(line.startswith("::") for line in out.split("\n"))
