"""Who may import whom, who may print, and how long a module may grow: the layout of the design, held by reading it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import policy_preview

PACKAGE = Path(policy_preview.__file__).parent
MODULES = {path.relative_to(PACKAGE).with_suffix("").as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}
# Each layer imports only from those before it. A package stands for its modules, which may import each other.
LAYERS = (
    {"__init__"}, {"place", "regular"}, {"core", "dates", "help", "progress", "scalar", "shape", "kinds"},
    {"findings", "fold", "plain", "writing"}, {"faults", "resolve", "classes", "quick", "gate", "toml", "strict"},
    {"tree"}, {"reader", "looked"}, {"schema", "remembered"},
    {"overlay", "build", "settle", "editor"}, {"workspace"}, {"across", "crew", "settings", "cache"},
    {"rules", "revisions", "preview", "diff", "explain", "create", "coverage", "gaps"},
    {"select", "validate", "history", "quality", "cite", "ci"}, {"look"}, {"stream"}, {"compare", "config"},
    {"report", "docs"}, {"export", "page"},
    {"terminal"}, {"parser", "commands", "verdict", "complete"}, {"cli"}, {"__main__"},
)  # fmt: skip
# Only they know these libraries; jsonschema takes a tenth of a second, so it is imported where it is used.
OWNERS = {
    "yaml": "reader", "jsonschema": "schema", "jsonschema_rs": "gate", "subprocess": "revisions",
    "sklearn": "quality/learn", "numpy": "quality/resample", "pyarrow": "export/files", "argcomplete": "complete",
    "jinja2": "page/render", "markupsafe": "page/render", "tomllib": "toml", "xml": "report/junit",
    "concurrent": "crew", "multiprocessing": "crew",
}  # fmt: skip
PURE = {
    "core": {"place"},
    "dates": set[str](),
    "fold": {"core"},
    "classes": {"core"},
    "resolve": {"core", "dates", "fold"},
}
MOUTHS = {"cli", "terminal", "__main__"}


def tree(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text(encoding="utf-8"))


def imports(name: str) -> Iterator[tuple[str, bool]]:
    """Every import of a module, ours as `core` or `report/layout`, and whether it stands at the top of the file."""
    module = tree(name)
    for node in ast.walk(module):
        top = node in module.body
        if isinstance(node, ast.Import):
            yield from ((alias.name, top) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").replace("policy_preview.", "!absolute/"), top
        elif isinstance(node, ast.ImportFrom):
            folder = [*name.split("/")[:-1]][: len(name.split("/")) - node.level]
            target = [*folder, *(node.module or "").split(".")] if node.module else folder
            for alias in node.names:
                below = "/".join([*target, alias.name])
                yield "policy_preview/" + (below if below in MODULES else "/".join(target) or "__init__"), top


def ours(name: str) -> set[str]:
    return {each.removeprefix("policy_preview/") for each, _ in imports(name) if each.startswith("policy_preview/")}


def layer(name: str) -> int:
    top = name.partition("/")[0]
    found = [index for index, names in enumerate(LAYERS) if top in names]
    assert len(found) == 1, f"{name} has no layer: give it one here and in the design"
    return found[0]


@pytest.mark.parametrize("name", MODULES)
def test_nothing_imports_upward(name: str) -> None:
    for other in ours(name):
        package = name.partition("/")[0]
        if "/" in name and other.partition("/")[0] == package:
            continue
        assert layer(other) < layer(name), f"{name} imports {other}"
    assert not [each for each, _ in imports(name) if each.startswith(("policy_preview.", "!absolute"))], "relative only"


def test_the_resolver_is_pure() -> None:
    for name, allowed in PURE.items():
        assert ours(name) <= allowed, name
        others = {each for each, _ in imports(name) if not each.startswith("policy_preview/")}
        assert not others & {"os", "sys", "io", "pathlib", "random", "time", "logging", "tempfile"}, name


def test_one_owner_for_each_library() -> None:
    for name in MODULES:
        for other, top in imports(name):
            library = other.partition(".")[0]
            assert OWNERS.get(library, name) == name, f"{name} imports {other}"
            heavy = {
                "jsonschema",
                "jsonschema_rs",
                "sklearn",
                "numpy",
                "pyarrow",
                "jinja2",
                "markupsafe",
                "argcomplete",
            }
            assert not (library in {*heavy, "multiprocessing", "concurrent", "xml"} and top)
            assert library not in {"requests", "socket", "urllib", "http", "pickle", "ctypes"}, "nothing goes online"


@pytest.mark.parametrize("name", [name for name in MODULES if name not in MOUTHS])
def test_nothing_else_prints_or_exits(name: str) -> None:
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Name):
            assert node.id not in {"print", "exit", "quit", "input", "breakpoint", "SystemExit", "eval", "exec"}, (
                node.lineno
            )
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) not in {
                ("sys", "exit"), ("sys", "stdout"), ("sys", "stderr"),
                ("os", "_exit"), ("os", "system"), ("os", "popen"),
            }, node.lineno  # fmt: skip
        if isinstance(node, ast.ImportFrom):
            assert node.module not in {"sys"}, "named as sys.something, so that it can be found"


@pytest.mark.parametrize("name", MODULES)
def test_no_module_is_long(name: str) -> None:
    assert len(MODULES[name].read_text(encoding="utf-8").splitlines()) <= 300
    assert ast.get_docstring(tree(name)), "and each says what it is for"


def test_this_test_sees_what_it_should() -> None:
    assert "workspace" in ours("cli")
    assert "core" in ours("cli"), "also what only a type checker imports"
    assert {"findings", "report/layout"} <= ours("report/findings")
    assert {"core", "rules/walk"} <= ours("rules/references")
    assert ours("report/machine") >= {"__init__", "looked"}
