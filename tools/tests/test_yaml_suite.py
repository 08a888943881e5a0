"""Every document of the YAML test suite: refused with a place in it, or read as the suite and other readers read it.

No document of the suite is a file of ours, so that each has findings as a case, as a policy and as evidence.
"""

from __future__ import annotations

import json
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from policy_preview import validate
from policy_preview.workspace import load

sys.path.insert(0, str(Path(__file__).parent / "fuzz"))
import reading

LINES = (
    (Path(__file__).parent / "fixtures" / "yaml-test-suite" / "documents.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
)
SUITE: dict[str, dict[str, Any]] = {each["id"]: each for each in map(json.loads, LINES)}
NAMES = ("cases/cyber/suite.yaml", "spec/policies/acme/suite.yaml", "spec/evidence/suite.yaml")
SECONDS = 2.0  # of the processor; these documents are small
# What the reader takes. All else it refuses: what is no valid YAML, and what is left out here (spec/README.md).
ACCEPTED = """
229Q 2EBW 36F6 3ALJ 3MYT 3RLN/00 3RLN/01 3RLN/02 3RLN/03 3RLN/04 3RLN/05 3UYS 4CQQ 4GC6 4RWC 4UYU 4V8U 4WA9 4ZYM 54T7
5BVJ 5C5M 5GBF 5KJE 5NYZ 65WH 6H3V 6SLA 6WPF 7A4E 7TMG 7ZZ5 82AN 87E4 8CWC 8QBE 8UDB 93JH 9FMG 9J7A 9MQT/00 9SHH 9TFX
9U5K 9YRD A6F9 A984 AB8U AZ63 AZW3 CPZ3 CT4Q D83L D88J D9TU DE56/00 DE56/01 DE56/02 DE56/03 DE56/04 DE56/05 DHP8
DK95/02 DK95/08 EX5H EXG3 F3CP F6MC F8F9 FBC9 FQ7F FUP4 GH63 H2RW H3Z8 HMK4 J5UC J7VC J9HZ JEF9/00 JQ4R K4SU K858
KH5V/00 KH5V/01 KH5V/02 KMK3 L24T/00 L9U5 LP6E LQZ7 M29M M6YH M7NX MXS3 MZX3 NAT4 NP9H P2AD P94K PBJ2 PRH3 Q88A Q8AD
QF4Y R52L RLU9 RR7F S4T7 S7BG S9E8 SSW6 SYW4 T4YY TE2A TL85 UDM2 UDR7 X8DW XV9V YD5X ZF4X ZK9H
"""


@pytest.fixture(autouse=True)
def _no_hang() -> Iterator[None]:
    """What waits or runs for ever fails, and does not stop the other tests."""

    def stop(*_: object) -> None:
        raise TimeoutError("half a minute for one document")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(30)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def test_the_suite_is_whole() -> None:
    assert len(LINES) == len(SUITE) == 402
    assert sum("fail" in each for each in SUITE.values()) == 94


@pytest.mark.parametrize("name", SUITE)
def test_it_is_read_like_others_read_it_or_refused(name: str) -> None:
    """By both of PyYAML's parsers alike; `reading.one` also asks PyYAML's own loading and ruamel.yaml."""
    document = reading.one(SUITE[name]["yaml"].encode())
    assert bool(document.findings) != (name in ACCEPTED.split())
    if not document.findings:
        assert "fail" not in SUITE[name]
        assert json.dumps(document.data, sort_keys=True) == json.dumps(json.loads(SUITE[name]["json"]), sort_keys=True)


def test_the_list_names_nothing_else() -> None:
    assert len(ACCEPTED.split()) == len(set(ACCEPTED.split()))
    assert set(ACCEPTED.split()) <= SUITE.keys()


@pytest.mark.parametrize("name", SUITE)
def test_it_goes_through_validate(name: str, workspace: Path) -> None:
    text = SUITE[name]["yaml"]
    for each in NAMES:
        (workspace / each).write_bytes(text.encode())
    began = time.process_time()
    report = validate.run(load(workspace))
    assert time.process_time() - began < SECONDS
    assert {finding.place.file for finding in report.findings} >= set(NAMES)
    lines = re.split(r"\r\n|\r|\n", text)
    for finding in report.findings:
        assert finding.place.file in NAMES
        assert 1 <= finding.place.line <= len(lines)
        assert 1 <= finding.place.column <= len(lines[finding.place.line - 1]) + 1
    assert report.left_out == len(NAMES)


@pytest.mark.parametrize("name", list(SUITE)[::25])
def test_it_goes_through_the_command(name: str, workspace: Path, run: Callable[[str], tuple[int, str, str]]) -> None:
    (workspace / NAMES[0]).write_bytes(SUITE[name]["yaml"].encode())
    code, out, err = run("validate --format json")
    assert (code, err) == (1, "")
    assert {finding["file"] for finding in json.loads(out)["findings"]} == {NAMES[0]}
