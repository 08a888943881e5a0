"""Other readers of YAML to hold ours against."""

from __future__ import annotations

import importlib
import sys
from functools import cache
from types import ModuleType
from typing import Any

import ruamel.yaml
import yaml

_OURS = ("policy_preview", "yaml")
_LIBYAML = "yaml._yaml"


@cache
def reader_without_libyaml() -> ModuleType:
    """A second copy of our reader, as it is where PyYAML comes without libyaml and parses in Python."""

    def mine() -> dict[str, ModuleType]:
        return {name: module for name, module in sys.modules.items() if name.partition(".")[0] in _OURS}

    kept = mine()
    for name in kept:
        del sys.modules[name]
    sys.modules[_LIBYAML] = None  # type: ignore[assignment]  # an import of it then fails, as where it is not there
    try:
        found = importlib.import_module("policy_preview.reader")
        assert not sys.modules["yaml"].__with_libyaml__
    finally:
        for name in mine():
            del sys.modules[name]
        sys.modules.update(kept)
    return found


def pyyaml(text: str) -> Any:
    """The data as PyYAML's own loading makes it: YAML 1.1, by libyaml where it is there."""
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  # it is a safe loader


def pyyaml_texts(text: str) -> Any:
    """The data with every scalar left as the text that stands there."""
    return yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506  # builds texts alone


def ruamel_yaml(text: str) -> Any:
    """The data as ruamel.yaml makes it: YAML 1.2, by a parser in Python of its own."""
    return ruamel.yaml.YAML(typ="safe", pure=True).load(text)
