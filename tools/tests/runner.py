"""A runner of GitHub for the steps of action.yml: the same shell, the same files, and what becomes of each step."""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

REPO = Path(__file__).resolve().parents[2]
ACTION: dict[str, Any] = yaml.safe_load((REPO / "action.yml").read_text(encoding="utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
# As GitHub documents the shell of `shell: bash`.
BASH = ("bash", "--noprofile", "--norc", "-e", "-o", "pipefail")


@dataclass
class Run:
    """What became of one use of the action."""

    folder: Path
    outcomes: dict[str, str] = field(default_factory=dict)
    log: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    summaries: dict[str, str] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        return "failure" in self.outcomes.values()


def filled(text: str, inputs: dict[str, str], run: Run) -> str:
    """A value of a step with its expressions, which stand nowhere but in `env`, `with` and `if`."""
    known = {f"inputs.{name}": value for name, value in inputs.items()}
    known |= {"github.action_path": str(REPO), "runner.temp": str(run.folder)}
    return re.sub(r"\$\{\{ (.+?) \}\}", lambda match: known[match[1]], text)


def wanted(step: dict[str, Any], inputs: dict[str, str], event: str, run: Run) -> bool:
    """Whether a step is run: by its `if`, or as long as nothing failed."""
    words = step.get("if")
    if words is None:
        return not run.failed
    words = words.removeprefix("${{ ").removesuffix(" }}")
    words = re.sub(r"inputs\.(\w+)", lambda match: repr(inputs[match[1]]), words)
    words = re.sub(r"steps\.(\w+)\.outcome", lambda match: repr(run.outcomes.get(match[1], "skipped")), words)
    words = re.sub(
        r"startsWith\(github\.event_name, ('\w+')\)", lambda match: f"{event!r}.startswith({match[1]})", words
    )
    words = words.replace("!cancelled()", "True").replace("&&", "and")
    if "cancelled" not in step["if"] and run.failed:  # without a function of status GitHub adds success()
        return False
    return bool(eval(words, {"__builtins__": {}}))  # noqa: S307  # of our own file


def use(where: Path, run: Run, inputs: dict[str, str], event: str, path: str, only: str = "") -> Run:
    """Go through the steps in the folder that a job has checked out."""
    every = {name: each["default"] for name, each in ACTION["inputs"].items()} | inputs
    for step in STEPS:
        name = step.get("id") or step.get("name") or step["uses"]
        if (only and name != only) or not wanted(step, every, event, run):
            run.outcomes.setdefault(name, "skipped")
            continue
        if "uses" in step:
            run.outcomes[name] = "success"
            run.outputs[name] = json.dumps({key: filled(value, every, run) for key, value in step["with"].items()})
            continue
        assert step["shell"] == "bash"
        files = {key: run.folder / f"{key}-{len(run.outcomes)}" for key in ("output", "path", "step_summary")}
        for file in files.values():
            file.touch()
        env = {key: filled(value, every, run) for key, value in step["env"].items()}
        env |= {f"GITHUB_{key.upper()}": str(file) for key, file in files.items()}
        env |= {"GITHUB_ACTIONS": "true", "CI": "true", "GITHUB_WORKSPACE": str(where), "RUNNER_TEMP": str(run.folder)}
        env |= {"GITHUB_BASE_REF": "main"} if event == "pull_request" else {}
        script = run.folder / "script.sh"
        script.write_text(step["run"], encoding="utf-8")
        done = subprocess.run(
            [*BASH, str(script)], cwd=where, env={**os.environ, **env, "PATH": path}, capture_output=True, text=True,
            check=False, timeout=300,
        )  # fmt: skip
        run.log += done.stdout + done.stderr
        run.outcomes[name] = "failure" if done.returncode else "success"
        run.outputs |= dict(line.split("=", 1) for line in files["output"].read_text().splitlines())
        run.summaries[name] = files["step_summary"].read_text(encoding="utf-8")
        run.paths += files["path"].read_text().splitlines()
    return run
