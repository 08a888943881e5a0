"""What a shell is told, by the protocol of argcomplete and in a real bash."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from policy_preview import complete
from policy_preview.workspace import load

REPO = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def offered(line: str) -> set[str]:
    """What may follow a line, as argcomplete's shell code asks for it."""
    script = "import sys; sys.argv[0] = 'policy-preview'; from policy_preview.__main__ import run; sys.exit(run())"
    reader, writer = os.pipe()
    env = {**os.environ, "COMP_LINE": line, "COMP_POINT": str(len(line)), "_ARGCOMPLETE": "1"}
    env |= {"_ARGCOMPLETE_IFS": "\n", "_ARGCOMPLETE_SHELL": "bash", "_ARGCOMPLETE_SUPPRESS_SPACE": "1"}
    shell = f'exec "$0" -c "$1" 8>&{writer} 9>/dev/null'
    words = ["bash", "-c", shell, sys.executable, script]
    done = subprocess.run(words, env=env, pass_fds=[writer], capture_output=True, check=False, timeout=60)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as answer:
        text = answer.read()
    assert (done.stdout, done.stderr) == (b"", b"")
    return {word.strip() for word in text.split("\n") if word}


@pytest.mark.usefixtures("workspace")
def test_commands_options_and_ids() -> None:
    assert offered("policy-preview pre") == {"preview"}
    assert {"preview", "validate"} <= offered("policy-preview ")
    assert offered("policy-preview preview --pol") == {"--policy"}
    assert offered("policy-preview preview --policy ") == {"assistant-1", "assistant-2"}
    assert offered("policy-preview diff assistant-1 assis") == {"assistant-1", "assistant-2"}
    assert offered("policy-preview preview shop-sign-in-") == {"shop-sign-in-a", "shop-sign-in-b", "shop-sign-in-c"}
    assert offered("policy-preview preview --category ") == {"cyber"}
    assert offered("policy-preview history ") == {"acme"}
    assert offered("policy-preview gaps ") == {"Q-001"}
    assert offered("policy-preview explain PP00") == {f"PP00{n}" for n in range(1, 10)}
    assert offered("policy-preview explain F-00") == {"F-001", "F-002", "F-003"}
    assert offered("policy-preview validate --format c") == {"concise"}
    assert offered("policy-preview validate spec/ev") == {"spec/evidence/"}
    assert offered("policy-preview new fam") == {"family"}


@pytest.mark.usefixtures("workspace")
def test_broken_files_and_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "$(touch pwned)"
    Path("spec/policies/acme/broken.yaml").write_bytes(
        f"id: [\xff\nid: {name}\nid: `x`\nid: broken\n".encode("latin-1")
    )
    os.mkfifo("spec/policies/acme/pipe.yaml")
    assert complete.names("policy") == ["assistant-1", "assistant-2", "broken"], "what is no plain name is not offered"
    monkeypatch.chdir("cases/cyber")
    assert complete.names("provider") == ["acme"], "from below"
    monkeypatch.chdir(tmp_path)
    assert offered("policy-preview preview --policy ") == set()
    assert offered("policy-preview preview --root workspace --policy assistant-") == {"assistant-1", "assistant-2"}


def test_the_names_are_those_of_the_workspace() -> None:
    """Picked out of the text, they are what reading the files gives."""
    workspace = load(REPO)
    assert sorted(complete.names("policy", REPO)) == sorted(workspace.policies)
    providers = {policy.provider for policy in workspace.policies.values() if policy.status == "on-record"}
    assert sorted(complete.names("provider", REPO)) == sorted(providers)
    assert sorted(complete.names("case", REPO)) == sorted([*workspace.families, *workspace.cases])
    assert sorted(complete.names("question", REPO)) == sorted(workspace.known("question"))
    every = set(complete.names("id", REPO))
    for kind in ("fact", "source", "topic", "category", "surface", "policy", "case", "family", "question"):
        assert set(workspace.known(kind)) <= every, kind


@pytest.mark.usefixtures("workspace")
def test_in_bash(tmp_path: Path) -> None:
    """The line of the README, then what the shell's own completion gives."""
    if not shutil.which("bash"):
        pytest.skip("no bash")
    tool = tmp_path / "policy-preview"
    tool.write_text(f'#!/bin/sh\nexec {sys.executable} -m policy_preview "$@"\n', encoding="utf-8")
    tool.chmod(0o755)
    script = """eval "$(register-python-argcomplete policy-preview)"
    COMP_WORDS=(policy-preview preview --policy assistant-) COMP_CWORD=3 COMP_TYPE=9
    COMP_LINE="policy-preview preview --policy assistant-" COMP_POINT=${#COMP_LINE}
    spec=$(complete -p policy-preview) && spec=${spec##*-F } && ${spec%% *} policy-preview assistant- --policy
    printf '%s\\n' "${COMPREPLY[@]}" """
    env = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{BIN}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", script], env=env, capture_output=True, text=True, check=False, timeout=60)  # noqa: S607  # a person's bash
    assert sorted(done.stdout.split()) == ["assistant-1", "assistant-2"], done.stderr
