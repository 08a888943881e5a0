"""The cases as tables and as a dataset: what stands in them, that bytes repeat, that the hubs read it."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from policy_preview.export import files, hub
from policy_preview.export.rows import rows, split_of
from policy_preview.workspace import load

Run = Callable[..., tuple[int, str, str]]
REPO = Path(__file__).resolve().parents[2]
FAMILY = Path("cases/cyber/shop-sign-in.yaml")
CARD = {
    "name": "small-set",
    "title": "A small set",
    "description": "Three cases.",
    "license": "CC-BY-4.0",
    "license_url": "https://creativecommons.org/licenses/by/4.0/",
    "creators": ["Somebody"],
    "citation": "Somebody: A small set. 2026.",
    "version": "0.1.0",
    "published": "2026-01-05",
    "url": "https://example.org/small-set",
    "tags": ["policy"],
    "responsible_ai": {"dataLimitations": "Three cases are few."},
}


@pytest.fixture
def home(workspace: Path) -> Path:
    (workspace / "cases" / "card.json").write_text(json.dumps(CARD), encoding="utf-8")
    (workspace / "cases" / "README.md").write_text("# Cases\n\nSee [the words](../spec/README.md).\n", encoding="utf-8")
    return workspace


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_one_row_a_case(workspace: Path, run: Run) -> None:
    code, out, err = run("export jsonl cases.jsonl")
    assert (code, out, err) == (0, "wrote 3 cases to cases.jsonl\n", "")
    found = read_jsonl(workspace / "cases.jsonl")
    assert [row["id"] for row in found] == ["shop-sign-in-a", "shop-sign-in-b", "shop-sign-in-c"]
    first = found[0]
    assert (first["risk"], first["topic"], first["rule"], first["origin"]) == (
        "benign", "defence-operations", "cyber.1", "written",
    )  # fmt: skip
    assert first["expect"] == [{"policy": "assistant-1", "surface": "", "standing": "", "outcomes": ["answer"]}]
    assert "outcomes" not in first
    assert first["text"].startswith("I look after the web shop")
    assert {row["split"] for row in found} == {split_of("shop-sign-in")}, "a family stays together"


def test_outcomes_on_request(workspace: Path, run: Run) -> None:
    assert run("export jsonl cases.jsonl --policy assistant-1")[0] == 0
    for row in read_jsonl(workspace / "cases.jsonl"):
        assert {each["policy"] for each in row["outcomes"]} == {"assistant-1"}
        default = row["outcomes"][0]
        assert default["outcomes"] == next(e["outcomes"] for e in row["expect"] if not e["surface"])
    assert run("export jsonl other.jsonl --policy nobody")[0] == 2


def test_retired_cases_and_notes_stay_at_home(workspace: Path) -> None:
    text = (workspace / FAMILY).read_text(encoding="utf-8")
    text = text.replace("    risk: benign\n", "    risk: benign\n    retired: it was wrong\n", 1)
    text = text.replace("    risk: dual-use\n", "    risk: dual-use\n    note: for maintainers alone\n", 1)
    (workspace / FAMILY).write_text(text, encoding="utf-8")
    found = rows(load(workspace))
    assert [row["id"] for row in found] == ["shop-sign-in-b", "shop-sign-in-c"]
    assert "maintainers" not in files.jsonl(found).decode()


def test_the_same_bytes_in_another_process(home: Path) -> None:
    made = []
    for seed in ("1", "2"):
        folder = home / seed
        folder.mkdir()
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo" if seed == "1" else "UTC"}
        for kind in ("jsonl", "csv", "parquet"):
            command = [sys.executable, "-m", "policy_preview", "export", kind, f"{seed}/cases.{kind}"]
            subprocess.run([*command, "--policy", "assistant-1"], check=True, env=env, capture_output=True)
        command = [sys.executable, "-m", "policy_preview", "export", "hub", f"{seed}/hub"]
        subprocess.run(command, check=True, env=env, capture_output=True)
        made.append({p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()})
    assert made[0] == made[1]
    assert len(made[0]) >= 6


def test_csv_and_parquet_say_the_same(workspace: Path) -> None:
    from pyarrow import parquet

    found = rows(load(workspace), load(workspace).policies.values())
    (workspace / "c.parquet").write_bytes(files.parquet(found))
    assert parquet.read_table(workspace / "c.parquet").to_pylist() == found
    (workspace / "c.csv").write_bytes(files.table(found))
    with (workspace / "c.csv").open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    for row, wanted in zip(read, found, strict=True):
        for key, value in wanted.items():
            assert (json.loads(row[key]) if isinstance(value, list) else row[key]) == (
                value if isinstance(value, list) else str(value)
            )


def test_splits_hang_on_the_name_alone() -> None:
    names = [f"family-{number}" for number in range(2000)]
    share = sum(split_of(name) == "dev" for name in names) / len(names)
    assert 0.17 < share < 0.23
    assert [split_of(name) for name in ("till-scanners", "third-night-spike")] == ["test", "test"], "and never changes"


def test_nothing_is_written_over_or_half(workspace: Path, run: Run) -> None:
    file = workspace / "cases.jsonl"
    file.write_text("mine", encoding="utf-8")
    code, out, err = run("export jsonl cases.jsonl")
    assert (code, out) == (2, "")
    assert "--force" in err
    assert file.read_text(encoding="utf-8") == "mine"
    assert run("export jsonl cases.jsonl --force")[0] == 0
    assert len(read_jsonl(file)) == 3
    for path in ("cases", "nowhere/cases.jsonl", "/dev/null"):
        assert run(f"export jsonl {path} --force")[0] == 2, path
    assert {path.name for path in workspace.iterdir()} == {"cases", "spec", "README.md", "cases.jsonl"}, "no rests"


def test_what_is_not_whole_is_not_exported(workspace: Path, run: Run) -> None:
    (workspace / "cases/cyber/broken.yaml").write_text("schema: family/1\n", encoding="utf-8")
    code, _, err = run("export jsonl cases.jsonl")
    assert (code, "left out" in err) == (2, True)
    (workspace / "cases/cyber/broken.yaml").unlink()
    (workspace / FAMILY).unlink()
    code, _, err = run("export jsonl cases.jsonl")
    assert (code, "no case" in err) == (2, True)


@pytest.mark.parametrize("gone", ["title", "license", "creators"])
def test_a_hub_needs_a_whole_card(gone: str, home: Path, run: Run) -> None:
    card = {key: value for key, value in CARD.items() if key != gone}
    (home / "cases" / "card.json").write_text(json.dumps(card), encoding="utf-8")
    code, _, err = run("export hub out")
    assert (code, f"lacks {gone}" in err) == (2, True)
    half, no_number = {**CARD, "title": "\ud800"}, {**CARD, "responsible_ai": {"a": float("nan")}}
    for text in ("{", json.dumps(half), json.dumps(no_number), json.dumps(CARD)[:-1] + ', "version": 1e999}'):
        (home / "cases" / "card.json").write_text(text, encoding="utf-8")
        code, _, err = run("export hub out")
        assert (code, "card.json` cannot be read" in err) == (2, True), text
    assert not (home / "out").exists()


@pytest.mark.parametrize(
    "change", [{"license": ["x"]}, {"creators": "Ann"}, {"tags": 5}, {"columns": []}, {"responsible_ai": "x"}]
)
def test_a_card_of_wrong_kinds(change: dict[str, Any], home: Path, run: Run) -> None:
    (home / "cases" / "card.json").write_text(json.dumps({**CARD, **change}), encoding="utf-8")
    code, _, err = run("export hub out")
    assert (code, next(iter(change)) in err) == (2, True), err


def test_a_folder_in_the_way_stops_all(home: Path, run: Run) -> None:
    (home / "out" / "croissant.json").mkdir(parents=True)
    assert run("export hub out --force")[0] == 2
    assert [path.name for path in (home / "out").iterdir()] == ["croissant.json"]
    assert run(f"export jsonl {'x' * 300}")[0] == 2


def test_a_hub_folder_is_not_written_over(home: Path, run: Run) -> None:
    assert run("export hub out")[0] == 0
    before = {path.name: path.stat().st_mtime_ns for path in (home / "out").iterdir()}
    assert run("export hub out")[0] == 2
    assert {path.name: path.stat().st_mtime_ns for path in (home / "out").iterdir()} == before
    assert run("export hub out --force")[0] == 0
    assert run("export hub README.md --force")[0] == 2


# --- as the hubs read it: this repository's own cases -----------------------------------------------------------------


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hub")
    workspace = load(REPO)
    files.write_all(folder, hub.files(workspace, rows(workspace)), force=True)
    return folder


def offline() -> dict[str, str]:
    """An environment without network or home, in which a library that wants either fails."""
    return {**os.environ, "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HTTPS_PROXY": "http://127.0.0.1:9"}


def test_hugging_face_loads_it(own: Path, tmp_path: Path) -> None:
    code = f"""
import json, datasets
data = datasets.load_dataset({str(own)!r}, cache_dir={str(tmp_path)!r})
print(json.dumps({{name: [row["id"] for row in part] for name, part in data.items()}}))
print(json.dumps(sorted(data["test"].features)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=offline(), check=True)
    ids, features = map(json.loads, done.stdout.splitlines()[-2:])
    cases = load(REPO).used
    assert sorted(ids["dev"] + ids["test"]) == sorted(case.id for case in cases)
    assert not {i.rpartition("-")[0] for i in ids["dev"]} & {i.rpartition("-")[0] for i in ids["test"]}
    assert {"text", "risk", "expect", "canary"} <= set(features)


def test_croissant_loads_it(own: Path) -> None:
    code = f"""
import json, mlcroissant
data = mlcroissant.Dataset(jsonld={str(own / "croissant.json")!r})
issues = data.metadata.issues
assert not issues.errors, issues.report()
assert not issues.warnings, issues.report()
print(json.dumps([record["test/id"].decode() for record in data.records("test")]))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=offline(), check=True)
    wanted = [row["id"] for row in rows(load(REPO)) if row["split"] == "test"]
    assert json.loads(done.stdout.splitlines()[-1]) == wanted
    document = json.loads((own / "croissant.json").read_text(encoding="utf-8"))
    for field in ("dataCollection", "dataLimitations", "dataUseCases", "personalSensitiveInformation"):
        assert document[f"rai:{field}"], field
    assert "RAI/1.0" in " ".join(document["conformsTo"])


def test_the_card_of_the_hub_has_no_link_that_leads_nowhere(own: Path) -> None:
    page = (own / "README.md").read_text(encoding="utf-8")
    assert page.startswith("---\npretty_name: ")
    targets = re.findall(r"\]\(([^)\n]*)\)", page)
    assert all(target.startswith(("https://", "#")) for target in targets), targets
