"""The shortest validator that somebody would write: PyYAML's C loader, and a schema library asked for yes or no.

Usage: python tools/bench/loops.py jsonschema|jsonschema-rs SCHEMA PATH..., with folders for all YAML files below.
Prints the files that it refuses; exit code 1 if there is one. No positions, no duplicate keys, no messages.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml


def _accepts(library: str, schema: Any) -> Callable[[Any], bool]:
    if library == "jsonschema":
        from jsonschema import Draft202012Validator

        return lambda data: bool(Draft202012Validator(schema).is_valid(data))
    accepts: Callable[[Any], bool] = import_module("jsonschema_rs").validator_for(schema).is_valid
    return accepts


def _files(paths: list[str]) -> Iterator[Path]:
    for path in map(Path, paths):
        yield from sorted(path.rglob("*.yaml")) if path.is_dir() else [path]


def main(library: str, schema: str, *paths: str) -> int:
    """Load and ask, file by file."""
    accepts = _accepts(library, json.loads(Path(schema).read_text(encoding="utf-8")))
    refused = 0
    for path in _files(list(paths)):
        try:
            good = accepts(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
        except (yaml.YAMLError, ValueError, OSError):
            good = False
        if not good:
            refused += 1
            print(path)
    return int(bool(refused))


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
