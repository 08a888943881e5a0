"""The command line from outside: what it exits with, what goes where, and what must never stand in its output."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from policy_preview import look
from policy_preview import workspace as module
from policy_preview.__main__ import run as main

pytestmark = pytest.mark.usefixtures("workspace")
Run = Callable[..., tuple[int, str, str]]
FAMILY = Path("cases/cyber/shop-sign-in.yaml")
FIRST, SECOND = (Path(f"spec/policies/acme/assistant-{n}.yaml") for n in (1, 2))
OWN = "preview --category cyber --topic penetration-testing --risk restricted"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """The command in this process: exit code, standard output, standard error. The first text is split at spaces."""

    def go(command: str, *more: str) -> tuple[int, str, str]:
        code = main([*command.split(), *more])
        return code, *capsys.readouterr()

    return go


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new), encoding="utf-8")


def spoil(path: Path) -> None:
    """Make a file invalid, in a way that its schema notices."""
    path.write_text(path.read_text(encoding="utf-8") + "nonsense: true\n", encoding="utf-8")


CLEAN = f"""--version; --help; preview --help; preview; preview --format json; preview --format csv
preview --policy assistant-1 --policy assistant-2; preview --surface api --standing general --known-on 2026-02
preview shop-sign-in; preview shop-sign-in-a shop-sign-in-b --format json
{OWN}; {OWN} --span session --mode agentic --format json
diff assistant-1 assistant-2; diff assistant-1 assistant-2 --format json --fail-on silent,open
validate; validate --strict --format concise; validate --format json spec {FAMILY}
explain PP016; explain pp016 --format json; explain F-001
init fresh; new family cyber/gate; new policy acme/assistant-3; new fact more"""


@pytest.mark.parametrize("command", [each.strip() for line in CLEAN.splitlines() for each in line.split(";")])
def test_clean_is_0_and_the_result_alone_is_on_stdout(command: str, run: Run) -> None:
    code, out, err = run(command)
    assert (code, err) == (0, "")
    assert out.endswith("\n")
    assert not out.endswith("\n\n")
    if "json" in command:
        document = json.loads(out)
        assert document["format"].startswith("policy-preview/")
        assert document["version"]


USAGE = [
    ("", "required: COMMAND"),
    ("preview --polic assistant-1", "unrecognized arguments: --polic"),
    ("preview --policy asistant-1", "no policy `asistant-1`; did you mean `assistant-1`?"),
    ("preview --policy zzz", "no policy `zzz`; there are assistant-1, assistant-2"),
    ("preview shop-sing-in-a", "no case or family `shop-sing-in-a`; did you mean `shop-sign-in-a`?"),
    ("preview --surface ap", "no policy here knows a surface `ap`; did you mean `app`?"),
    ("preview --standing generall", "no policy here knows a standing `generall`; did you mean `general`?"),
    (OWN.replace("cyber", "cybr"), "unknown category `cybr`; did you mean `cyber`?"),
    (OWN.replace("penetration-testing", "penetration"), "`cyber` has no topic `penetration`; did you mean"),
    (OWN.replace("penetration-testing", "everyday-work"), "`cyber` has no topic `everyday-work`; "),
    (OWN.replace("restricted", "restrictd"), "invalid choice: 'restrictd'"),
    ("preview --category cyber", "needs --category, --topic and --risk"),
    ("preview --span session", "needs --category, --topic and --risk"),
    (f"{OWN} shop-sign-in", "not both"),
    ("preview --known-on 2026-13", "`2026-13` is not a date; write 2026, 2026-06 or 2026-06-09"),
    ("preview --known-on yesterday", "`yesterday` is not a date"),
    ("preview shop-sign-in --format csv", "a trace comes as text or json"),
    ("diff assistant-1", "which one is `assistant-1` held against?"),
    ("diff assistant-1 assistant-3", "no policy `assistant-3`; did you mean"),
    ("diff assistant-1 acme/assistant-2", "no policy and no file `acme/assistant-2`; did you mean"),
    ("diff assistant-1 spec/taxonomy.yaml", "spec/taxonomy.yaml:1:9: PP110"),
    ("diff assistant-1 ./spec", "PP001 not a regular file but a directory"),
    ("diff a b c", "diff compares two"),
    ("diff a...b", "with two full stops"),
    ("diff assistant-1 assistant-2 --fail-on silnt", "no `silnt`; did you mean `silent`?"),
    ("diff assistant-1 assistant-2 --fail-on open,none", "no `none`; it takes silent, open, any"),
    ("validate nowhere", "there is no `nowhere`"),
    ("validate --root nowhere", "`nowhere` is not a folder"),
    ("validate --jobs 1000", "argument --jobs: '1000' is no number from 1 to 999"),
    ("validate --jobs -1", "argument --jobs: '-1' is no number from 1 to 999"),
    ("validate --jobs two", "argument --jobs: 'two' is no number from 1 to 999"),
    ("validate --out cases", "`cases` is not a file"),
    ("validate --out /dev/null", "`/dev/null` is not a file"),
    ("validate --out README.md/x", "`README.md/x` cannot be written"),
    ("explain F-01", "nothing is called `F-01`; did you mean `F-001`?"),
    ("explain", "required: CODE|ID"),
    ("init", "required: DIR"),
    ("new family", "required: name"),
]


@pytest.mark.parametrize(("command", "words"), USAGE)
def test_usage_is_2_and_says_what_to_do(command: str, words: str, run: Run) -> None:
    code, out, err = run(command)
    assert (code, out) == (2, "")
    assert words in err
    assert len([line for line in err.splitlines() if line.startswith("policy-preview")]) == 1


def test_internal_fault_is_3_and_an_interruption_130(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise stop

    monkeypatch.setattr(module, "load", fail)
    monkeypatch.setattr(look, "load", fail)
    stop: BaseException = RuntimeError("\x1b[31m ##[error] \u202e" + "x" * 9000)
    for command in ("validate", "preview", "diff assistant-1 assistant-2", "explain F-001"):
        code, out, err = run(command)
        assert (code, out) == (3, "")
        assert err.startswith("policy-preview: internal fault: RuntimeError: ")
        assert len(err) < 600
        harmless(err)
    monkeypatch.setenv("POLICY_PREVIEW_TRACEBACK", "1")
    with pytest.raises(RuntimeError):
        run("validate")
    stop = KeyboardInterrupt()
    assert run("validate") == (130, "", "")
    stop = RuntimeError("Error calling __set_name__")
    stop.__cause__ = KeyboardInterrupt()  # while a class is made
    assert run("validate") == (130, "", "")


def test_root_and_subfolder(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    here = run("preview")
    monkeypatch.chdir(FAMILY.parent)
    assert run("preview") == here
    edit(Path(FAMILY.name), "risk: benign", "risk: benig")
    line = Path(FAMILY.name).read_text(encoding="utf-8").splitlines().index("    risk: benig") + 1
    assert run("validate --format concise")[1].startswith(f"{FAMILY.name}:{line}:11: PP104 ")
    monkeypatch.chdir(tmp_path)
    for command in ("validate", "preview", "diff", "explain F-001", "new fact more"):
        code, out, err = run(command)
        assert (code, out) == (2, "")
        assert "no workspace here" in err
        assert "--root" in err
        assert "policy-preview init" in err
    assert run("validate --root workspace")[1].startswith(f"workspace/{FAMILY}:{line}:11: ")
    assert run("validate workspace/spec")[0] == 0, "the workspace that the PATH lies in"


def test_invalid_files_are_left_out_and_named(run: Run) -> None:
    spoil(SECOND)
    for command in ("preview", "preview shop-sign-in", "explain F-001"):
        code, out, err = run(command)
        assert code == 0
        assert "assistant-2  " not in out
        assert err == f"left out, since it is not valid: {SECOND} (see policy-preview validate)\n"
    assert run("validate")[0] == 1
    assert "no policy `assistant-2`" in run("preview --policy assistant-2")[2]
    code, out, err = run("diff assistant-1 assistant-1")
    assert (code, err) == (0, "")
    assert out.endswith(f"left out, since it is not valid: {SECOND}\n"), "a diff is passed on, so it tells this itself"
    spoil(FAMILY)
    assert run("preview")[:2] == (2, "")
    assert "no case is left to preview" in run("preview")[2]
    assert "no case is left to compare by" in run("diff assistant-1 assistant-1")[2]
    assert run(OWN)[0] == 0, "a request of one's own needs no case"
    spoil(FIRST)
    code, out, err = run("preview")
    assert (code, out) == (2, "")
    assert all(str(file) in err for file in (FIRST, SECOND, FAMILY, "no policy is left to preview"))


def test_what_rests_on_an_invalid_file_is_left_out_and_named(run: Run) -> None:
    what_if = Path("spec/policies/counterfactual/what-if.yaml")
    what_if.parent.mkdir()
    what_if.write_text(
        'schema: policy/1\nid: what-if\ntitle: t\nauthor: a\npublished: "2026-01-05"\nstatus: counterfactual\n'
        "based_on: assistant-1\nchanges:\n"
        "  - remove: attacks.rows.other\n    rationale: r\n    evidence:\n      - F-001\n"
    )
    assert "what-if" in run("preview --format csv")[1]
    spoil(FIRST)
    _, out, err = run("preview --format csv")
    assert "what-if" not in out
    assert [line.split()[-4] for line in err.splitlines()] == [str(FIRST), str(what_if)]


def test_a_broken_taxonomy_leaves_the_rest(run: Run) -> None:
    Path("spec/taxonomy.yaml").write_text("schema: [", encoding="utf-8")
    assert run("preview")[0] == 0
    code, _, err = run(OWN)
    assert code == 2
    assert "the taxonomy cannot be read" in err


def test_standing_that_only_some_policies_know(run: Run) -> None:
    edit(SECOND, "    title: Any account\n", "    title: Any account\n  - id: trusted\n    title: Checked\n")
    for command in ("preview", "preview shop-sign-in"):
        code, out, err = run(f"{command} --standing trusted")
        assert code == 0
        assert "assistant-2" in out
        assert "assistant-1 " not in out
        assert err == "left out, since it knows no standing `trusted`: assistant-1\n"


# --- hostile text -----------------------------------------------------------------------------------------------------

WORDS = "::error file=x,line=1::pwned ##[group]x ##vso[task.setvariable]y ##VSO[z]w %s %(x)s {0} {x!r} $(id) `id` <b>"
NAMES = ["::error::x", "##[group]x", "-rf x", "esc\x1b[31mred", "line\nfeed::error::", "turn\u202eaway", "bell\x07"]
NAMES += ["%s{0}", b"\xff\xfe".decode("utf-8", "surrogateescape"), " ::warning::x", "sep\u2028x", "nbsp\u00a0x"]
TEXTS = "title definition statement locator question checked text where situation pivot prompt rationale author why"
COMMANDS = f"""validate; validate --format concise; validate --format json; preview; preview --format json
preview --format csv; preview shop-sign-in; preview shop-sign-in --format json; {OWN}; diff assistant-1 assistant-2
diff assistant-1 assistant-2 --format json; explain F-001; explain Q-001 --format json; explain assistant-1/attacks
explain assistant-1/attacks/other; explain assistant-2/told; explain shop-sign-in-a; explain cyber; explain app
new family cyber/gate; new fact more; new policy acme/third"""


INKS = re.compile("\x1b\\[(?:0|1|1;31|3[1256])m")


def harmless(text: str) -> None:
    """No control character, and no line that a CI runner takes for a command."""
    for line in text.split("\n"):
        assert line.isprintable(), repr(line[:200])
        assert not line.lstrip().startswith("::"), line[:200]
        assert "##[" not in line, line[:200]
        assert "##vso[" not in line.lower(), line[:200]


def poisoned(data: Any, key: str = "") -> Any:
    if isinstance(data, dict):
        return {name: poisoned(value, name) for name, value in data.items()}
    if isinstance(data, list):
        return [poisoned(value, key) for value in data]
    if key not in TEXTS.split() or str(data).startswith("Q-"):
        return data
    lines = "\n::error::\n\n  ::debug::\n\t::group::x" if key == "prompt" else ""
    return f"{WORDS} {data} {lines}" + " ::warning::w ##[x]" * (600 if key in ("prompt", "statement") else 9)


@pytest.fixture
def hostile(workspace: Path) -> None:
    """The template with every text replaced by what would do harm, and broken files under names that would."""
    for path in sorted(workspace.rglob("*.yaml")):
        data = poisoned(yaml.safe_load(path.read_text(encoding="utf-8")))
        path.write_text(json.dumps(data, indent=1, ensure_ascii=False), encoding="utf-8")
    texts = [f'schema: family/1\nfamily: ["{WORDS}"]\n"{WORDS}": "{WORDS}"\n', "a: [\n::error::x"]
    texts += ['\x1b[31m::error::\x1b[0m\n"\\e[0m": "\\a"', "%error ::x\n::error::x: &x *y\n"]
    for number, name in enumerate(NAMES):
        for folder in ("cases/cyber", "spec/evidence", "spec/policies/acme"):
            with suppress(OSError):  # not every file system takes every name
                (workspace / folder / f"{name}.yaml").write_text(texts[number % 4], encoding="utf-8")


@pytest.mark.usefixtures("hostile")
def test_hostile_texts_do_no_harm(run: Run) -> None:
    for command in [each.strip() for line in COMMANDS.splitlines() for each in line.split(";")]:
        code, out, err = run(f"{command} --color always")
        assert code == (command.startswith("validate")), (command, err[-300:])
        harmless(INKS.sub("", out))  # what a pipe gets; a terminal gets our escapes and no other
        harmless(err)
        if "json" in command:
            json.loads(out)
        if "csv" in command:
            assert len({len(row) for row in csv.reader(io.StringIO(out))}) == 1
    said = json.loads(run("explain F-001 --format json")[1])["says"]["statement"]
    assert said.startswith(WORDS), "escaped, not altered"


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_hostile_arguments_do_no_harm(name: str, run: Run) -> None:
    wrong = (
        "preview --policy; preview; preview --surface; preview --known-on; explain; diff assistant-1; diff --fail-on"
    )
    for before in f"{wrong}; validate; validate --root; validate --x; new fact; new family".split(";"):
        code, out, err = run(before, name)
        assert (code, out) == (2, ""), before
        harmless(err)
    code, out, err = run("init --", name)
    assert (code, err) == (0, "")
    harmless(out)
