"""A repository in which every file is a trap, and git as nobody has set it up."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
TEMPLATE = REPO / "tools" / "policy_preview" / "template"
FIRST = Path("spec/policies/acme/assistant-1.yaml")
MARK = "zugzwang"
MODULES = [
    *("jsonschema", "yaml", "sitecustomize", "usercustomize", "conftest", "jinja2", "policy_preview", "referencing"),
    *("argparse", "pyarrow", "numpy", "sklearn", "json", "runpy", "encodings", "_virtualenv"),
]
CARD = {
    "name": "x", "title": "x", "description": "x", "license": "CC-BY-4.0", "license_url": "https://x.example/",
    "creators": ["x"], "version": "0.1.0", "citation": "x", "published": "2026-01-05", "url": "https://x.example/",
}  # fmt: skip
Run = Callable[[str], tuple[int, str, str]]


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


def laid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a change, and everything in it that some tool would run, load or believe.

    A fixture where a module makes it one.
    """
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
