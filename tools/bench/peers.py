"""The tools that ours is held against: how each is installed and called, and what it does in its time.

Usage: python tools/bench/peers.py DIR: installs them from the package registries into a folder outside the repository,
and policy-preview of this checkout beside them, with and without what makes it fast. The newest of each is taken, and
the tables name the versions. Asked again, it brings the folder up to date.
"""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

BENCH = Path(__file__).resolve().parent
REPO = BENCH.parents[1]
_MOST_BYTES = 1_000_000  # of arguments in one call: half of what Linux takes
_MACHINE = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
_BINARY = f"lib/*/site-packages/sourcemeta_jsonschema/jsonschema-{platform.system().lower()}-{_MACHINE}"
_LINT = """
extends: relaxed
rules:
  line-length: disable
  document-start: {present: false}
  empty-values: enable
  octal-values: enable
  truthy: enable
"""  # what it can say of these files: its shorter preset, without what prompts cannot keep


@dataclass(frozen=True, slots=True)
class Tool:
    """A peer. `program` lies in the packages of its `home`, py or npm; of a loop it is the library's name.

    `takes`: how it is given many files: a `folder` that it walks, a `glob` that it expands, or a `list` of each.
    """

    name: str
    package: str
    home: str
    program: str
    options: tuple[str, ...]
    takes: str
    does: str
    schema: bool = True
    ask: str = "--version"

    def head(self, peers: Path | None, schema: str) -> list[str] | None:
        """The call as far as the files; None where it is not installed."""
        call = self._call(peers)
        return [*call, *(option.replace("{schema}", schema) for option in self.options)] if call else None

    def start(self, peers: Path | None) -> list[str] | None:
        """The call that only tells the version, or what else takes no work; None of a loop."""
        call = self._call(peers) if self.home != "loop" else None
        return [*call, self.ask] if call else None

    def _call(self, peers: Path | None) -> list[str] | None:
        if self.home == "loop":
            python = str(peers / "py" / "bin" / "python") if peers else sys.executable
            there = Path(python).exists() if peers else find_spec(self.program.replace("-", "_"))
            return [python, str(BENCH / "loops.py"), self.program] if there else None
        folder = {"py": "py", "npm": "npm/node_modules"}[self.home]
        found = next((peers / folder).glob(self.program), None) if peers else None
        runner = ["node"] if self.home == "npm" else []
        return [*runner, str(found)] if found else None

    def calls(self, head: list[str], root: Path, folder: str) -> list[list[str]]:
        """The calls that check all YAML files below a folder of the workspace: one, or as many as arguments allow."""
        if self.takes == "folder":
            return [[*head, folder]]
        if self.takes == "glob":
            return [[*head, f"{folder}/**/*.yaml"]]
        paths = sorted(path.relative_to(root).as_posix() for path in (root / folder).rglob("*.yaml"))
        return [[*head, *part] for part in parted(paths)]

    def version(self, peers: Path | None) -> str:
        """As its package says."""
        if peers and self.home == "npm":
            file = peers / "npm" / "node_modules" / self.package / "package.json"
            return str(json.loads(file.read_text(encoding="utf-8"))["version"])
        python = str(peers / "py" / "bin" / "python") if peers else sys.executable
        ask = "import sys; from importlib.metadata import version; print(version(sys.argv[1]))"
        return subprocess.run(
            [python, "-c", ask, self.package], capture_output=True, text=True, check=True
        ).stdout.strip()


TOOLS = (
    Tool("ajv-cli", "ajv-cli", "npm", "ajv-cli/dist/index.js",
         ("validate", "--spec=draft2020", "-s", "{schema}", "-d"), "glob",
         "js-yaml, then the schema compiled to JavaScript; no positions", ask="help"),
    Tool("@jirutka/ajv-cli", "@jirutka/ajv-cli", "npm", "@jirutka/ajv-cli/lib/main.js",
         ("validate", "--spec=draft2020", "--errors=line", "-s", "{schema}", "--"), "glob",
         "the same engine with another YAML parser and positions"),
    Tool("sourcemeta jsonschema", "sourcemeta-jsonschema", "py", _BINARY,
         ("validate", "--fast", "--continue", "{schema}"), "folder",
         "YAML and schema in C++, in its fast mode"),
    Tool("v8r", "v8r", "npm", "v8r/src/index.js",
         ("--no-ignore", "--schema", "{schema}"), "glob", "js-yaml and ajv, file by file"),
    Tool("check-jsonschema", "check-jsonschema", "py", "bin/check-jsonschema",
         ("--schemafile", "{schema}"), "list", "ruamel.yaml in Python, then jsonschema"),
    Tool("yamllint", "yamllint", "py", "bin/yamllint",
         ("-d", _LINT), "folder", "style and duplicate keys by PyYAML's Python parser; no schema", schema=False),
    Tool("loop: PyYAML, jsonschema", "jsonschema", "loop", "jsonschema", ("{schema}",), "folder",
         "loops.py: the C loader, and yes or no by the schema"),
    Tool("loop: PyYAML, jsonschema-rs", "jsonschema-rs", "loop", "jsonschema-rs", ("{schema}",), "folder",
         "loops.py: the same with the schema in Rust"),
)  # fmt: skip


def parted(paths: Sequence[str], most: int = _MOST_BYTES) -> list[list[str]]:
    """The paths in as few lists as arguments allow, in their order."""
    parts, size = [list[str]()], 0
    for path in paths:
        size += len(path.encode()) + 1
        if size > most:
            parts, size = [*parts, []], len(path.encode()) + 1
        parts[-1].append(path)
    return parts


def install(folder: Path) -> None:
    """Bring everything into `folder`; what the registries do not have is told and left out."""
    folder.mkdir(parents=True, exist_ok=True)
    _venv(folder / "py", *(tool.package for tool in TOOLS if tool.home != "npm"), "pyyaml")
    packages = [tool.package for tool in TOOLS if tool.home == "npm"]
    (folder / "npm").mkdir(exist_ok=True)
    npm = shutil.which("npm")
    if npm is None:
        _say("npm is not here, and what it installs is left out")
    else:
        latest = [f"{package}@latest" for package in packages]
        _try([npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder / "npm"), *latest])
    extras = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    _venv(folder / "ours", str(REPO), again=True)
    if "fast" in extras:
        _venv(folder / "fast", f"{REPO}[fast]", again=True)


def _venv(folder: Path, *packages: str, again: bool = False) -> None:
    """A virtual environment with these packages; `again`: even if the version is the same."""
    if not folder.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    pip = [str(folder / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", "--upgrade"]
    if again:
        _try([*pip, "--force-reinstall", "--no-deps", *(package.partition("[")[0] for package in packages)])
        _try([*pip, *packages])
        return
    for package in packages:  # one by one: one that cannot be had must not take the others along
        _try([*pip, package])


def _try(command: list[str]) -> None:
    if subprocess.run(command, check=False).returncode:
        _say(f"failed: {' '.join(command)}")


def _say(line: str) -> None:
    print(line, file=sys.stderr)


if __name__ == "__main__":
    install(Path(sys.argv[1]))
