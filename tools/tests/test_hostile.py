"""What somebody could put into a workspace to hang, crash or fool the validator; each is answered soon, in little room.

Every trial runs in a process of its own, under a limit of address space and a timeout. Time is what the processor spent
on reading and judging, so that a busy machine fails nothing; a call that waits for ever runs into the timeout.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from policy_preview import schema
from policy_preview.validate import RULES

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="measures and devices of Linux")

TEMPLATE = Path(__file__).resolve().parents[1] / "policy_preview" / "template"
SECONDS, MEGABYTES, TIMEOUT = 2.0, 200, 30
MOST_SECONDS, MOST_MEGABYTES = 5.0, 300  # that any file may take, as .github/SECURITY.md says
MIB = 1024 * 1024
CHILD = """
import json, os, re, resource, sys, time
from pathlib import Path
from policy_preview import validate
from policy_preview.findings import printable
from policy_preview.workspace import load
validate.run(load(Path(sys.argv[3])))  # what is imported late is not what is measured
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
if sys.argv[2] == "nobody":
    os.chdir(sys.argv[1])
    os.setgid(65534)
    os.setuid(65534)
began = time.process_time()
report = validate.run(load(Path(sys.argv[1])))
seconds = time.process_time() - began
peak = re.search(r"VmHWM:\\s+([0-9]+)", Path("/proc/self/status").read_text())  # ru_maxrss counts the parent's as well
findings = [[printable(f.place.file), f.place.line, f.place.column, f.code, f.message, f.hint] for f in report.findings]
for f in report.findings[:1000]:  # as for excerpts
    report.line(f.place)
print(json.dumps([seconds, int(peak[1]) / 1024, findings]))
"""


@dataclass(frozen=True)
class Answer:
    """What came of a trial: the findings as `FILE:LINE:COLUMN CODE`, their messages, and what it cost."""

    found: list[str]
    messages: list[str]
    seconds: float
    megabytes: float

    @property
    def codes(self) -> set[str]:
        return {line.split(" ")[-1] for line in self.found}


def trial(root: Path, user: str = "", seconds: float = SECONDS, megabytes: float = MEGABYTES) -> Answer:
    """Read and judge the workspace in a process of its own, and hold it to the limits."""
    args = [sys.executable, "-c", CHILD, str(root), user, str(TEMPLATE)]
    done = subprocess.run(args, capture_output=True, text=True, timeout=TIMEOUT, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    spent, peak, findings = json.loads(done.stdout)
    for name, _, _, code, message, hint in findings:
        assert code in RULES
        assert (name + message + hint).isprintable()
        assert len(message) < 200
    assert spent < seconds, f"{spent:.1f} s"
    assert peak < megabytes, f"{peak:.0f} MB"
    start = f"{root}/"
    found = [f"{name.removeprefix(start)}:{line}:{column} {code}" for name, line, column, code, *_ in findings]
    return Answer(found, [finding[4] for finding in findings], spent, peak)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace, sound so far."""
    shutil.copytree(TEMPLATE, tmp_path / "w")
    return tmp_path / "w"


# --- things that are no files ----------------------------------------------------------------------------------------


def a_socket(path: Path) -> None:
    before = Path.cwd()
    os.chdir(path.parent)  # the path of a socket may have about a hundred characters
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(before)


def a_loop(path: Path) -> None:
    path.symlink_to("round.yaml")
    path.with_name("round.yaml").symlink_to(path.name)


def a_linked_folder(path: Path) -> None:
    path.symlink_to(path.parent, target_is_directory=True)


def a_sparse_file(path: Path) -> None:
    path.write_bytes(b"schema: evidence/1\n")
    try:
        os.truncate(path, 1 << 40)
    except OSError:
        pytest.skip("no sparse files here")


def a_large_file(path: Path) -> None:
    with path.open("wb") as file:
        for _ in range(60):
            file.write(b"a: 1\n" * (MIB // 5))


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (os.mkfifo, ["x.yaml:1:1 PP001"]),
        (a_socket, ["x.yaml:1:1 PP001"]),
        (Path.mkdir, ["x.yaml:1:1 PP001"]),
        (a_linked_folder, ["x.yaml:1:1 PP001"]),
        (lambda path: path.symlink_to("/dev/zero"), ["x.yaml:1:1 PP001"]),
        (lambda path: path.symlink_to("/dev/stdin"), ["x.yaml:1:1 PP00"]),
        (lambda path: path.symlink_to("nowhere"), ["x.yaml:1:1 PP002"]),
        (lambda path: path.symlink_to(path.name), ["x.yaml:1:1 PP002"]),
        (lambda path: path.symlink_to("x" * 250), ["x.yaml:1:1 PP002"]),
        (lambda path: path.symlink_to("/proc/self/mem"), ["x.yaml:1:1 PP001"]),
        (lambda path: path.symlink_to("/etc/hostname"), ["x.yaml:1:1 PP001"]),  # what it holds is nobody's business
        (a_loop, ["round.yaml:1:1 PP002", "x.yaml:1:1 PP002"]),
        (a_sparse_file, ["x.yaml:1:1 PP003"]),
        (a_large_file, ["x.yaml:1:1 PP003"]),
    ],
)
def test_no_file_to_read(make: Callable[[Path], object], found: list[str], root: Path) -> None:
    make(root / "spec" / "evidence" / "x.yaml")
    answer = trial(root)
    assert len(answer.found) == len(found)
    assert all(line.startswith(f"spec/evidence/{wanted}") for line, wanted in zip(answer.found, found, strict=True))


@pytest.mark.parametrize("inside", [True, False], ids=["of the workspace", "outside"])
def test_linked_folders_are_not_entered(inside: bool, root: Path, tmp_path: Path) -> None:
    target = root / "spec" if inside else tmp_path / "other"
    target.mkdir(exist_ok=True)
    (tmp_path / "w" / "cases" / "more").symlink_to(target, target_is_directory=True)
    (target / "x.yaml").write_text("a: b: c")
    assert "cases/more:1:1 PP001" in trial(root).found
    assert not any(line.startswith("cases/more/") for line in trial(root).found)


NAMES = [
    b"\x1b[2J\x1b]0;owned\x07.yaml", b"a\nb: c.yaml", b"a\r.yaml", b"\xff\xfe.yaml", "\u202elmay.yaml".encode(),
    b"\xed\xa0\x80.yaml", "\U000e0041.yaml".encode(), b" .yaml", b"`.yaml", b"-x.yaml", b"x.YAML", b"x.yml",
    b"%s{0}.yaml", "日本.yaml".encode(), b"x" * 250 + b".yaml",
]  # fmt: skip


@pytest.mark.parametrize("folder", [False, True], ids=["files", "folders"])
def test_names(folder: bool, root: Path) -> None:
    made = 0
    for name in NAMES:
        path = os.fsencode(root / "spec" / "evidence") + b"/" + name
        try:
            if folder:
                os.mkdir(path)  # noqa: PTH102  # a Path holds no bytes
                path += b"/x.yaml"
            with open(path, "wb") as file:  # noqa: PTH123
                file.write(b"a: b: c\n")
            made += 1
        except OSError:
            pass  # not every file system takes every name
    answer = trial(root)
    assert [line.split(" ")[-1] for line in answer.found].count("PP009") == made
    assert answer.codes == ({"PP001", "PP009"} if folder else {"PP009"})
    assert len(answer.found) == made * (1 + folder)


# --- floods ----------------------------------------------------------------------------------------------------------

FAMILY = "schema: family/1\nfamily: x\ncategory: cyber\ntopic: penetration-testing\nsituation: s\n"
CASE = FAMILY + "cases:\n  - id: x-a\n    risk: benign\n    prompt: p\n"
EVIDENCE = "schema: evidence/1\ntitle: t\n"
FACT = "statement: s, source: SRC-001, locator: l, kind: inference, confidence: low"
POLICY = (TEMPLATE / "spec" / "policies" / "acme" / "assistant-1.yaml").read_text(encoding="utf-8")
FULL = 4 * MIB - 200


def lines(count: int, form: str) -> str:
    return "".join(form.replace("#", str(n)) for n in range(count))


def in_policy(old: str, new: str) -> str:
    assert POLICY.count(old) >= 1
    return POLICY.replace("id: assistant-1\n", "id: x\n").replace(old, new, 1)


# Name: the text of a file, and a code that it must be answered with.
FLOODS: dict[str, tuple[Callable[[], str], str]] = {
    "300,000 brackets": (lambda: "[" * 300_000, "PP019"),
    "300,000 braces": (lambda: "{" * 300_000, "PP019"),
    "300,000 of both": (lambda: "[{" * 150_000, "PP019"),
    "300,000 of both, with keys": (lambda: '{"a":[' * 150_000, "PP019"),
    "brackets on lines of their own": (lambda: "[\n" * 300_000, "PP019"),
    "brackets in a list": (lambda: "- " * 20 + "[{" * 150_000, "PP019"),
    "closing brackets": (lambda: "]" * 300_000, "PP009"),
    "brackets after a mapping": (lambda: FAMILY + "note: " + "[" * 300_000, "PP019"),
    "100,000 dashes": (lambda: "- " * 100_000, "PP019"),
    "dashes in steps": (lambda: "".join(" " * n + "-\n" for n in range(2500)), "PP019"),
    "keys in steps": (lambda: "".join(" " * n + "a:\n" for n in range(2500)), "PP019"),
    "question marks": (lambda: "? " * 100_000, "PP019"),
    "question marks and dashes": (lambda: "? - " * 100_000, "PP019"),
    "colons": (lambda: ": " * 100_000, "PP009"),
    "keys in keys": (lambda: "{? " * 100_000, "PP019"),
    "an alias bomb": (
        lambda: (
            "a: &a [x]\n"
            + "".join(f"{b}: &{b} [{f'*{a}, ' * 9}]\n" for a, b in zip("abcdefghi", "bcdefghij", strict=True))
        ),
        "PP012",
    ),
    "199,000 aliases": (lambda: "a: &a x\nb: [" + "*a, " * 199_000 + "]", "PP012"),
    "199,000 anchors": (lambda: "[" + "&x a, " * 199_000 + "]", "PP011"),
    "199,000 tags": (lambda: "[" + "!x a, " * 199_000 + "]", "PP014"),
    "50,000 directives": (lambda: "%YAML 1.1\n" * 50_000 + "---\na: 1\n", "PP015"),
    "50,000 tag directives": (lambda: lines(50_000, "%TAG !a#! tag:x\n") + "---\na: 1\n", "PP015"),
    "2,000,000 percent signs": (lambda: "%\n" * 2_000_000, "PP015"),
    "50,000 documents": (lambda: "--- a\n" * 50_000, "PP008"),
    "a number of 100,000 digits": (lambda: CASE + "    hazard: " + "1" * 100_000, "PP016"),
    "a number of 4 MiB": (lambda: "a: " + "1" * FULL, "PP016"),
    "a time of 4 MiB": (lambda: "a: 1" + ":1" * (FULL // 2), "PP016"),
    "nearly a time of 4 MiB": (lambda: "a: 1" + ":1" * (FULL // 2) + "x", "PP110"),
    "nearly a number of 4 MiB": (lambda: "a: " + "1_" * (FULL // 2) + "x", "PP110"),
    "199,000 values to quote": (lambda: "[" + "yes, " * 199_000 + "]", "PP016"),
    "one line of 4 MiB": (lambda: "a: " + "x" * FULL, "PP110"),
    "one line of words": (lambda: "prompt: " + "x " * (FULL // 2) + "#", "PP018"),
    "one line of words in a list": (lambda: "prompt: [" + "a b, " * 199_900 + "]", "PP110"),
    "one line of emoji": (lambda: "[" + "😀,\u00a0" * 130_000 + "]", "PP103"),
    "199,000 comments": (lambda: "prompt:\n" + "- a b #\n" * 199_000, "PP018"),
    "200,001 values": (lambda: "[" + "a, " * 200_001 + "]", "PP020"),
    "199,900 values": (lambda: "- a\n" * 199_900, "PP103"),
    "100,000 pairs": (lambda: FAMILY + lines(99_000, "a#: b\n"), "PP101"),
    "a key of 4 MiB": (lambda: "x" * FULL + ": 1", "PP009"),
    "a marked key of 4 MiB": (lambda: FAMILY + "? " + "x" * FULL + "\n: 1", "PP101"),
    "a quoted key of 4 MiB": (lambda: FAMILY + '? "' + "\\t" * (FULL // 2 - 50) + '"\n: 1', "PP101"),
    "50,000 times one key": (lambda: FAMILY + "a: 1\n" * 50_000, "PP010"),
    "50,000 times a known key": (lambda: FAMILY + "topic: [1]\n" * 50_000, "PP010"),
    "50,000 times `on`": (lambda: FAMILY + "on: 1\n" * 50_000, "PP017"),
    "50,000 merge keys": (lambda: FAMILY + "<<: {a: 1}\n" * 50_000, "PP013"),
    "50,000 lists as keys": (lambda: FAMILY + "? [a]\n: 1\n" * 50_000, "PP017"),
    "keys with one beginning": (lambda: FAMILY + lines(13_000, "k" * 300 + "#: 1\n"), "PP101"),
    "100,000 unknown keys": (lambda: FAMILY + lines(99_000, "unknown-#: 1\n"), "PP101"),
    "100,000 nearly known keys": (lambda: "schema: family/1\n" + lines(99_000, "situation#: 1\n"), "PP101"),
    "nearly known keys in 9,000 items": (
        lambda: (
            EVIDENCE + "facts:\n" + "  - {ids: a, statements: b, sources: c, locators: d, kinds: e, dates: f}\n" * 9000
        ),
        "PP101",
    ),
    "190,000 items without keys": (lambda: EVIDENCE + "facts:\n" + "  - {}\n" * 190_000, "PP102"),
    "190,000 items of the wrong type": (lambda: EVIDENCE + "facts:\n" + "  - a\n" * 190_000, "PP103"),
    "100,000 wrong words": (lambda: in_policy("risk: restricted", "risk: [" + "bening, " * 100_000 + "]"), "PP104"),
    "190,000 wrong words": (
        lambda: in_policy("visibility: silent", "visibility: silent\n        methods: [" + "pefd, " * 190_000 + "]"),
        "PP104",
    ),
    "190,000 wrong names": (lambda: in_policy("  - cyber\n", "  - Cyber\n" * 190_000), "PP108"),
    "60,000 wrong keys": (lambda: CASE + "    expect:\n" + lines(60_000, "      A#: [answer]\n"), "PP108"),
    "60,000 wrong outcomes": (lambda: CASE + "    expect:\n" + lines(60_000, "      a#: [answr]\n"), "PP108"),
    "12,000 dates": (
        lambda: EVIDENCE + "facts:\n" + lines(12_000, f'  - {{id: F-9#, date: "2026-02-30", {FACT}}}\n'),
        "PP105",
    ),
    "4 MiB of nothing": (lambda: "\n" * FULL, "PP007"),
    "4 MiB of spaces": (lambda: " " * FULL, "PP007"),
    "4 MiB of tabs": (lambda: "\t" * FULL, "PP009"),
    "4 MiB of comments": (lambda: "#\n" * (FULL // 2), "PP007"),
    "4 MiB of quotation marks": (lambda: '"' * FULL, "PP009"),
    "4 MiB of backslashes": (lambda: '"' + "\\" * FULL, "PP009"),
    "4 MiB of short lines": (lambda: "prompt: |-\n" + " ab\n" * (FULL // 4), "PP110"),
    "4 MiB of NUL": (lambda: "\0" * FULL, "PP005"),
    "controls at the end of many lines": (lambda: "\n" * (FULL - 100) + "\x07" * 100, "PP005"),
    "1,000,000 separators": (lambda: "\u2028" * 1_000_000, "PP006"),
    "1,000,000 escapes": (lambda: FAMILY + 'note: "' + "\\x07" * 1_000_000 + '"', "PP005"),
    "199,000 escapes": (lambda: FAMILY + "note: [" + '"\\x07", ' * 199_000 + "]", "PP005"),
}
# What once hung or swelled elsewhere than in reading and the schemas; now most of it ends at a limit of a schema.
ELSEWHERE: dict[str, tuple[Callable[[], str], str, str]] = {
    "workspace.py, _index: counts the lines before each id anew": (
        lambda: EVIDENCE + "facts:\n" + "  - id: F-100\n" * 200_000 + "  [",
        "PP020",
        "spec/evidence/x.yaml",
    ),
    "validate.py, _spans: each finding goes through all cases of its file": (
        lambda: FAMILY + "cases:\n" + lines(9000, "  - {id: x#-a, risk: benign, pivot: p, prompt: text #}\n"),
        "PP135",
        "cases/cyber/x.yaml",
    ),
    "overlay.py, _find: looks through all rows for each change": (
        lambda: 'schema: policy/1\nid: x\ntitle: t\nauthor: a\npublished: "2026-01-05"\nstatus: proposed\n'
        "based_on: assistant-1\nchanges:\n"
        + lines(9000, "  - {add: attacks.rows.r#, with: {category: none, then: passes, evidence: [F-001]}, "
                      "rationale: r, evidence: [F-001]}\n"),
        "PP109",
        "spec/policies/proposed/x.yaml",
    ),
    "rules/text.py, PP405: normalises a run of combining marks, which takes the square of its length": (
        lambda: CASE.replace("prompt: p", "prompt: |-\n      a" + "\u0301\u0323" * 500_000),
        "PP109",
        "cases/cyber/x.yaml",
    ),
    "rules/places.py, spot: counts from the start of the text for each mark": (
        lambda: CASE.replace("prompt: p", "prompt: |-\n      " + "[withheld: " * 300_000),
        "PP109",
        "cases/cyber/x.yaml",
    ),
    "rules/personal.py, hosts: the pattern keeps a place for each label to go back to": (
        lambda: CASE.replace("prompt: p", "prompt: |-\n      " + "a." * 1_900_000),
        "",
        "cases/cyber/x.yaml",
    ),
    "rules/grid.py: the table grows with every category a policy covers, though no row names it": (
        lambda: in_policy("covers:\n", "covers:\n" + lines(60_000, "  - c#\n")),
        "PP109",
        "spec/policies/acme/x.yaml",
    ),
    "rules/precedence.py, _clash: every two safeguards": (
        lambda: in_policy(
            "safeguards:\n",
            "safeguards:\n"
            + lines(
                3000,
                '  - {id: s#, title: t, disclosed: [{date: "2026-01-05", by: provider, where: w, evidence: [F-001]}], '
                "rows: [{id: r, category: cyber, then: unspecified, question: Q-1#, evidence: [F-001]}], "
                "effects: [{id: e, surfaces: [app, api], response: denial, visibility: silent, evidence: [F-001]}]}\n",
            ),
        ),
        "",
        "spec/policies/acme/x.yaml",
    ),
    "rules/references.py: a finding for each of 190,000 facts that are not there": (
        lambda: in_policy("          - F-001\n", "".join(f"          - F-{100_000 + n}\n" for n in range(190_000))),
        "PP122",
        "spec/policies/acme/x.yaml",
    ),
}  # fmt: skip


def place_for(text: str) -> str:
    kind = text[:16].partition("schema: ")[2].partition("/")[0]
    return {"policy": "spec/policies/acme/x.yaml", "evidence": "spec/evidence/x.yaml"}.get(kind, "cases/cyber/x.yaml")


def put(root: Path, name: str, raw: bytes) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_bytes(raw)


@pytest.mark.parametrize("name", FLOODS)
def test_flood(name: str, root: Path) -> None:
    build, code = FLOODS[name]
    text = build()
    assert len(text.encode()) <= 4 * MIB
    put(root, place_for(text), text.encode())
    answer = trial(root)
    assert code in answer.codes, answer.found[:9]
    assert len(answer.found) <= 80


@pytest.mark.parametrize("name", list(ELSEWHERE))
def test_flood_elsewhere(name: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "TIMEOUT", 3 * MOST_SECONDS)
    build, code, path = ELSEWHERE[name]
    put(root, path, build().encode())
    try:
        answer = trial(root, seconds=MOST_SECONDS, megabytes=MOST_MEGABYTES)
    except subprocess.TimeoutExpired:
        pytest.fail("hangs")
    assert not code or code in answer.codes


def patterns() -> Iterator[tuple[str, str]]:
    for kind in sorted(schema.KINDS):
        found: set[str] = set()

        def collect(node: object, found: set[str] = found) -> None:
            if isinstance(node, dict) and isinstance(node.get("pattern"), str):
                found.add(node["pattern"])
            below = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
            for each in below:
                collect(each)

        collect(schema.load(kind))
        yield from ((kind, pattern) for pattern in sorted(found))


LONG = [
    "a",
    "a-",
    "-",
    "0",
    "F-0",
    "a.",
    "a@",
    "a/",
    "a@b/",
    "answer+",
    "visible-fallback+",
    "https://",
    "2026-01-01",
    "\n",
]
TAILS = ["", "-", "!", "\n", "-a", "@", "é"]


def test_no_pattern_takes_long_over_a_text() -> None:
    """Every pattern of the schemas, on what it nearly takes: none goes back and forth, and none swells."""
    code = """
import json, resource, sys, time
from policy_preview import schema
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
worst = 0.0
for kind, pattern in json.loads(sys.argv[1]):
    check = schema._validator(kind).VALIDATORS["pattern"]
    for piece in json.loads(sys.argv[2]):
        for tail in json.loads(sys.argv[3]):
            for size in (2000, 1 << 20):
                text = piece * (size // len(piece) - 2) + tail
                began = time.process_time()
                list(check(None, pattern, text, {}))
                worst = max(worst, time.process_time() - began)
print(worst)
"""
    args = [json.dumps(list(patterns())), json.dumps(LONG), json.dumps(TAILS)]
    done = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert float(done.stdout) < 0.2


BYTES = [
    (b"", "PP007"),
    (b"\xef\xbb\xbf", "PP005"),
    (b"\xef\xbb\xbf" + EVIDENCE.encode(), "PP005"),
    (EVIDENCE.encode("utf-16"), "PP004"),
    (EVIDENCE.encode("utf-16-le"), "PP005"),
    (EVIDENCE.encode("utf-32"), "PP004"),
    (EVIDENCE.encode() + b"\x00", "PP005"),
    (EVIDENCE.encode() + b"note: \x1b[31m\n", "PP005"),
    (EVIDENCE.replace("title: t", 'title: "\\e[31m"').encode(), "PP005"),
    (EVIDENCE.replace("title: t", 't\u0430tle\U000f0000`"\\: [x]').encode(), "PP"),
    ((EVIDENCE + 'questions: [{id: "\\"`\\t\\n\\\\\\U000F0000", question: q, checked: c}]\n').encode(), "PP108"),
    ((EVIDENCE + '"\\n\\n\\t\\r `": 1\n').encode(), "PP101"),
    (EVIDENCE.replace("/1", '/1\\n"').replace(" ev", ' "ev').encode(), "PP110"),
    (b"\x80" * 1000, "PP004"),
    (b"%PDF-1.7\n\xff", "PP004"),
    (b"\x1f\x8b\x08\x00", "PP004"),
    (b"PK\x03\x04", "PP005"),
]


def test_bytes(root: Path) -> None:
    for number, (raw, _) in enumerate(BYTES):
        put(root, f"spec/evidence/x{number:02}.yaml", raw)
    found = trial(root).found
    for number, (_, code) in enumerate(BYTES):
        codes = {line.split(" ")[1] for line in found if line.startswith(f"spec/evidence/x{number:02}.yaml")}
        assert codes, number
        assert all(each.startswith(code) for each in codes), (number, codes)


# --- folders ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gone", [["spec"], ["cases"], ["spec", "cases"]], ids="+".join)
@pytest.mark.parametrize("empty", [True, False], ids=["empty", "missing"])
def test_missing_folders(gone: list[str], empty: bool, root: Path) -> None:
    """Nothing raises; that a run with nothing to check is no success is for the command line to say."""
    for name in gone:
        shutil.rmtree(root / name)
        if empty:
            (root / name).mkdir()
    trial(root)


@pytest.mark.parametrize("name", ["spec", "cases"])
def test_a_file_for_a_folder(name: str, root: Path) -> None:
    shutil.rmtree(root / name)
    (root / name).write_text("a: 1\n")
    trial(root)


@pytest.fixture
def open_root() -> Iterator[Path]:
    """A workspace below a folder that everybody may enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        shutil.copytree(TEMPLATE, Path(folder) / "w")
        yield Path(folder) / "w"
        for path in [Path(folder), *Path(folder).rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755)


def unreadable(root: Path) -> Answer:
    """As somebody who may not read everything: root reads all, so the trial gives up being root."""
    if os.geteuid() != 0:
        return trial(root)
    answer = trial(root, "nobody")
    if any("No module" in message for message in answer.messages):
        pytest.skip("the installation cannot be read by others")
    return answer


def test_a_file_that_may_not_be_read(open_root: Path) -> None:
    (open_root / "cases" / "cyber" / "shop-sign-in.yaml").chmod(0)
    answer = unreadable(open_root)
    assert answer.found == ["cases/cyber/shop-sign-in.yaml:1:1 PP002"]
    assert answer.messages == ["cannot be read: Permission denied"]


def test_a_folder_that_may_not_be_listed(open_root: Path) -> None:
    (open_root / "cases" / "cyber").chmod(0)
    assert unreadable(open_root).codes == {"PP002"}


def test_folders_in_folders(root: Path) -> None:
    before = Path.cwd()
    os.chdir(root / "cases")
    try:
        for _ in range(1500):
            Path("d").mkdir()
            os.chdir("d")
        Path("x.yaml").write_text("a: b: c\n")
        os.chdir(before)
        assert trial(root).codes == {"PP009"}
    finally:  # pytest clears its folders by recursion
        os.chdir(before)
        subprocess.run(["rm", "-rf", str(root / "cases" / "d")], check=True)  # noqa: S607
