"""Do the tests notice? Each mutant is one plausible slip in the resolver, made in a copy; some test there must fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
REPO = HERE.parents[1]
RESOLVER = ["test_resolve.py", "test_resolve_effects.py", "test_resolve_open.py"]
FILES = ["test_core.py", "test_dates.py", "test_oracle.py", "test_overlay.py", *RESOLVER]

# what the slip is: (module, source as it is, source as it might be, the tests that should notice)
MUTANTS = {
    "last row instead of first": (
        "resolve",
        "for row in safeguard.rows if",
        "for row in reversed(safeguard.rows) if",
        "test_resolve.py",
    ),
    "last effect instead of first": (
        "resolve",
        "(e for e in safeguard.effects if",
        "(e for e in reversed(safeguard.effects) if",
        "test_resolve_effects.py",
    ),
    "only the first facet is read": (
        "resolve",
        "for f in labels.facets\n",
        "for f in labels.facets[:1]\n",
        "test_resolve.py",
    ),
    "every facet has to fire": ("resolve", "fires = any(", "fires = all(", "test_resolve.py"),
    "facets outside covers are answered": (
        "resolve",
        "if facet.category in policy.covers",
        "if facet.category",
        "test_resolve.py",
    ),
    "the standing of an effect is forgotten": (
        "resolve",
        "and (not e.standings or standing in e.standings)",
        "",
        "test_resolve_effects.py",
    ),
    "an unknown standing passes": (
        "resolve",
        "if standing not in policy.standings:",
        "if not policy.standings:",
        "test_resolve.py",
    ),
    "the press discloses too": ("resolve", '(anybody or d.by == "provider") and ', "", "test_resolve.py"),
    "nobody publishes a draft": ("resolve", 'policy.status != "on-record"', "False", "test_resolve.py"),
    "an answer on telling settles everything": ("settle", "len(left) == 1 and unsaid", "unsaid", "test_settle.py"),
    "who is told is settled with anything": ("settle", "and unsaid <= {", "and set() <= {", "test_settle.py"),
    "of points alike the first alone is settled": (
        "settle",
        "for point in members]",
        "for point in members[:1]]",
        "test_settle.py",
    ),
    "which points were open is forgotten": (
        "resolve",
        "tuple((p, tuple(rows)) for p, rows in one.points.items())",
        "len(one.points)",
        "test_oracle.py",
    ),
    "one row's discretion is every row's": (
        "resolve",
        '"discretion", (f"{safeguard}/{row.id}",)',
        '"discretion", ("all",)',
        "test_resolve_open.py",
    ),
    "points never count jointly": (
        "resolve",
        "jointly = len(found) > 1 and not alone",
        "jointly = False",
        "test_resolve_open.py",
    ),
    "of points alike the wrong value is tried": (
        "resolve",
        "if len(members) == 1 else (1,)",
        "if len(members) == 1 else (0,)",
        "test_resolve_open.py",
    ),
    "questions in another order are another key": (
        "fold",
        "tuple(sorted(questions)) or",
        "tuple(questions) or",
        "test_resolve_open.py",
    ),
    "points without a question are one": ("fold", " or (clause,)", "", "test_resolve_open.py"),
    "shared points are settled apart": (
        "fold",
        "if self.last[pair[0]] > index)",
        "if self.last[pair[0]] < index)",
        "test_oracle.py",
    ),
    "a denial is not first": (
        "fold",
        'if move is None or (here.denial and move.kind != "denial"):',
        "if move is None:",
        "test_resolve_effects.py",
    ),
    "a hold joins a denial": (
        "fold",
        "_Partial(word, contested=fight)",
        "_Partial(word, modifying=here.modifying, contested=fight)",
        "test_resolve_effects.py",
    ),
    "a denial's conflict is lost": (
        "fold",
        "fight = bool(here.denial)",
        "fight = False",
        "test_oracle.py",
    ),
    "a hold is swallowed, a limit stays": (
        "fold",
        'if w.endswith("-hold"))',
        'if not w.endswith("-hold"))',
        "test_resolve_effects.py",
    ),
    "a limit acts beside a fallback": (
        "fold",
        'if kind == "change" or (kind == "ranked"',
        'if (kind == "ranked"',
        "test_resolve_effects.py",
    ),
    "precedence is reversed": ("fold", "place > partial.below", "place <= partial.below", "test_resolve_effects.py"),
    "what stands outside the order loses": (
        "fold",
        "for kind, word in kinds if word]",
        "for kind, word in kinds if word][:1]",
        "test_resolve_effects.py",
    ),
    "a hold is a party to a conflict": ("fold", "self.fights.get(key, 0) | deciding", "acts", "test_resolve_open.py"),
    "a beaten act still stands behind the outcome": (
        "fold",
        'stay & ~masks["ranked"]',
        "stay",
        "test_resolve_effects.py",
    ),
    "a place is lost when the line moves on": (
        "fold",
        "bisect_right(places",
        "bisect_left(places",
        "test_resolve_effects.py",
    ),
    "the order of told is swapped": (
        "core",
        'LEAST_TOLD = ("silent", "unspecified"',
        'LEAST_TOLD = ("unspecified", "silent"',
        "test_core.py",
    ),
    "a hold alters": ("core", 'and not w.endswith("-hold") ', "", "test_core.py"),
    "what is unsaid is decided": ("core", 'w.startswith("unspecified-")', 'w == "unspecified"', "test_core.py"),
    "a coarse date counts from its start": ("dates", "end(disclosed) <=", "start(disclosed) <=", "test_dates.py"),
    "dates compare at the finer": ("dates", "size = min(", "size = max(", "test_dates.py"),
    "an added clause always goes last": ("overlay", "spot = found", "spot = len(holder)", "test_overlay.py"),
    "dates in force are inherited": ("overlay", '"in_force", "follows"', '"follows"', "test_overlay.py"),
    "the overlay itself is changed": (
        "overlay",
        'new = _copy(change["with"])',
        'new = change["with"]',
        "test_overlay.py",
    ),
}


def copied(folder: Path) -> Path:
    """The package, with the schemas where it looks for them."""
    package = folder / "tools" / "policy_preview"
    shutil.copytree(REPO / "tools" / "policy_preview", package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(REPO / "spec" / "schema", folder / "spec" / "schema")
    return package


def run(package: Path, *tests: str) -> subprocess.CompletedProcess[str]:
    """The tests against the package in a folder, up to the first that fails."""
    program = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "--tb=line", "-p", "no:cacheprovider"]
    env = {**os.environ, "PYTHONPATH": str(package.parent), "PYTHONDONTWRITEBYTECODE": "1"}
    env.setdefault("POLICY_PREVIEW_EXAMPLES", "25")
    files = [str(HERE / test) for test in tests]
    return subprocess.run([*program, *files], env=env, cwd=REPO, capture_output=True, text=True, check=False)


def test_the_copy_is_what_is_tested_and_passes(tmp_path: Path) -> None:
    package = copied(tmp_path)
    told = run(package, *FILES)
    assert told.returncode == 0, told.stdout + told.stderr
    (package / "core.py").write_text("raise RuntimeError('the copy')\n")
    broken = run(package, "test_core.py")
    assert "the copy" in broken.stdout + broken.stderr, "conftest.py takes it too, and pytest tells that elsewhere"


@pytest.mark.parametrize("name", MUTANTS)
def test_mutant(name: str, tmp_path: Path) -> None:
    module, old, new, tests = MUTANTS[name]
    package = copied(tmp_path)
    path = package / f"{module}.py"
    source = path.read_text(encoding="utf-8")
    assert source.count(old) == 1, "the mutant no longer fits its module"
    path.write_text(source.replace(old, new), encoding="utf-8")
    told = run(package, tests)
    assert told.returncode == 1, told.stdout + told.stderr  # 1: a test failed; 2: it did not even import
