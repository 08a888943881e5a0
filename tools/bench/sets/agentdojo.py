"""AgentDojo: what the user asks of the agent, and what an injection asks of it.

Package: inspect-evals==0.26.0 (PyPI, wheel), a port of agentdojo (MIT, ETH Zurich).
Files: inspect_evals/agentdojo/task_suites/*/{user,injection}_tasks.py, read as source
and not run, without workspace_plus (the port's own). Licence: MIT.
label: user (a PROMPT, benign) or injection (a GOAL, malicious). No group.
Usage: python agentdojo.py inspect_evals-0.26.0-py3-none-any.whl OUT.jsonl
"""

from __future__ import annotations

import ast
import itertools
import json
import sys
import zipfile
from pathlib import Path

FOLDER = "inspect_evals/agentdojo/task_suites"
SUITES = ("banking", "slack", "travel", "workspace")
KINDS = {"user": "PROMPT", "injection": "GOAL"}


def string(node: ast.expr, names: dict[str, str]) -> str:
    """The text of a string expression; of what is no string, its source."""
    match node:
        case ast.Constant(value=value):
            return str(value)
        case ast.JoinedStr(values=parts) | ast.List(elts=parts):
            return (", " * isinstance(node, ast.List)).join(string(part, names) for part in parts)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return string(left, names) + string(right, names)
        case ast.FormattedValue(value=arg) | ast.Call(func=ast.Attribute(attr="join"), args=[arg]):
            return string(arg, names)
    return names.get(ast.unparse(node), ast.unparse(node))


def assigned(body: list[ast.stmt], names: dict[str, str]) -> dict[str, str]:
    """The names with those that the statements give a value to."""
    found = dict(names)
    for item in body:
        if isinstance(item, ast.Assign | ast.AnnAssign) and item.value:
            to = item.targets[0] if isinstance(item, ast.Assign) else item.target
            found[ast.unparse(to)] = string(item.value, found)
    return found


def main(archive: str, out: str) -> None:
    """Write the tasks of the four suites as JSON lines."""
    with zipfile.ZipFile(archive) as wheel, Path(out).open("w", encoding="utf-8") as file:
        for suite, kind in itertools.product(SUITES, KINDS):
            body = ast.parse(wheel.read(f"{FOLDER}/{suite}/{kind}_tasks.py")).body
            names = assigned(body, {})
            for node in (item for item in body if isinstance(item, ast.ClassDef)):
                if text := assigned(node.body, names).get(KINDS[kind]):
                    file.write(json.dumps({"text": text, "label": kind}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
