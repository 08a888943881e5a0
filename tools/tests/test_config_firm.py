"""What no configuration can do: relax what is firm, hide what it silences, or let a file pass unread."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from configured import FAMILY, OWN, Run, edit  # beside this file
from hypothesis import HealthCheck, given
from hypothesis import settings as options
from hypothesis import strategies as st
from test_fixtures import FIXTURES, FOLDERS, lay  # beside this file

from policy_preview import config, validate
from policy_preview.core import UsageError
from policy_preview.findings import RULES
from policy_preview.tree import sources
from policy_preview.workspace import load

pytestmark = pytest.mark.usefixtures("workspace")
FIRM = sorted(code for code, rule in RULES.items() if rule.firm)
SOFT = sorted(code for code, rule in RULES.items() if not rule.firm)


def test_what_is_firm() -> None:
    assert {code for code in RULES if RULES[code].stage in ("read", "schema")} < set(FIRM)
    assert [code for code in FIRM if RULES[code].stage not in ("read", "schema")] == [
        "PP120",
        "PP121",
        "PP139",
        "PP219",
        "PP220",
    ]
    assert all(RULES[code].severity == "error" for code in FIRM)


@pytest.mark.parametrize("code", FIRM)
def test_no_firm_code_can_be_relaxed(code: str, run: Run) -> None:
    entry = f'[[per-file-ignores]]\nfiles = ["cases/**"]\ncodes = ["{code}"]\nreason = "r"'
    for text, where, what in (
        (f'ignore = ["{code}"]', "1:11", "silenced"),
        (entry, "3:10", "silenced"),
        (f'severity.{code} = "warning"', "1:10", "made a warning"),
    ):
        OWN.write_text(text + "\n", encoding="utf-8")
        said = f"policy-preview: policy-preview.toml:{where}: {code} cannot be {what}; something would pass unread\n"
        assert run("validate") == (2, "", said)


RELAXED = (
    f"ignore = {json.dumps(SOFT)}\n",
    "".join(f'severity.{code} = "warning"\n' for code in SOFT),
    'select = ["PP0"]\n',
    f'[[per-file-ignores]]\nfiles = ["**"]\ncodes = {json.dumps(SOFT)}\nreason = "r"\n',
)


@pytest.mark.parametrize("name", [name for name in FOLDERS if not name.startswith("PP331")])
def test_nothing_passes_unread(name: str, workspace: Path) -> None:
    """Whatever a configuration silences: a file that is left out fails the run, and what is silenced is counted."""
    lay(FIXTURES / name, workspace)
    loaded = load(workspace)
    isolated = validate.run(loaded)
    firm = [finding for finding in isolated.findings if RULES[finding.code].firm]
    assert not isolated.left_out or firm
    for text in RELAXED:
        OWN.write_text(text, encoding="utf-8")
        report = validate.run(loaded, settings=config.read(loaded.root, sources(loaded.root)))
        assert [f for f in report.findings if RULES[f.code].firm] == firm
        assert report.errors == len(firm)
        assert report.relaxed
        told = [finding for finding in report.findings if finding.code != "PP331"]
        silenced = sum(count for code, count in report.relaxed.silenced if code != "PP331")
        assert len(told) + silenced == len(isolated.findings)
        made = sum(count for _, count in report.relaxed.lowered)
        assert made == sum(f.severity == "warning" and RULES[f.code].severity == "error" for f in told)


# --- what is silenced is counted --------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["text", "concise", "json", "github", "sarif", "junit", "gitlab"])
def test_no_form_hides_what_is_silenced(form: str, workspace: Path, run: Run) -> None:
    edit(FAMILY, "rule: cyber.1", "rule: cyber.2")
    (workspace / OWN).write_text('ignore = ["PP3"]\n', encoding="utf-8")
    code, out, err = run(f"validate --format {form}")
    assert code == 0
    assert "PP308" in (out if form in ("text", "concise", "json", "github") else err)


def test_what_an_allow_silences_is_counted_too(workspace: Path, run: Run) -> None:
    family = workspace / FAMILY
    text = family.read_text(encoding="utf-8").replace("rule: cyber.1", "rule: cyber.2", 1)
    family.write_text(
        text.replace("    hazard: 0\n", "    hazard: 0\n    allow: [{code: PP308, reason: r}]\n", 1), encoding="utf-8"
    )
    code, out, _ = run("validate --strict")
    assert (code, out.split("\n")[1:]) == (0, ["silenced by `allow`: 1 finding (PP308 1)", ""])
    assert json.loads(run("validate --format json")[1])["allowed"] == {"PP308": 1}
    for form in ("sarif", "junit", "gitlab"):
        assert "silenced by `allow`: 1 finding (PP308 1)" in run(f"validate --format {form}")[2]
    assert "silenced by `allow`: 1 finding (PP308 1)" in run("validate --format github")[1]
    assert run("validate spec")[1].endswith("no findings\n"), "it stands elsewhere"


# --- any configuration ------------------------------------------------------------------------------------------------

CODE = st.sampled_from(SOFT)
WORD = st.one_of(CODE, CODE, CODE, st.sampled_from([*SOFT, "PP3", "PP30", "PP4", "PP33"]))
ODD = st.sampled_from([*FIRM, "PP", "PP0", "PP1", "PP9", "", "pp3"])
LIST = (st.lists(WORD, min_size=1, max_size=4) | st.lists(WORD | ODD, max_size=2)).map(json.dumps)
GLOB = st.sampled_from(["**", "cases/**", "spec/**", "cases/*/*.yaml"])
EXEMPT = st.tuples(
    st.lists(GLOB | st.just("nowhere/**"), max_size=2).map(json.dumps), LIST, st.sampled_from(['"r"', '"r"', '""', "1"])
).map(lambda parts: "{{files = {}, codes = {}, reason = {}}}".format(*parts))
WEIGHT = st.tuples(WORD | ODD, st.sampled_from(["error", "warning", "off"]))
WEIGHTS = st.lists(WEIGHT, max_size=2, unique_by=lambda pair: pair[0]).map(
    lambda pairs: "{" + ", ".join(f'"{code}" = "{weight}"' for code, weight in pairs) + "}"
)
JUNK = st.sampled_from(["1", "true", "{}", "[[]]", '"PP3"', "1979-05-27", "nan", '[{select = "x"}]'])
KEYS = st.sampled_from(["select", "ignore", "severity", "per-file-ignores", "tool", "x"])
SOUND = st.one_of(
    st.tuples(st.sampled_from(["select", "ignore"]), LIST),
    st.tuples(st.just("per-file-ignores"), st.lists(EXEMPT, max_size=2).map(lambda items: f"[{', '.join(items)}]")),
    st.tuples(st.just("severity"), WEIGHTS),
)
PAIR = st.integers(0, 9).flatmap(lambda n: SOUND if n else st.tuples(KEYS, JUNK))
DOCUMENT = st.lists(PAIR, max_size=4, unique_by=lambda pair: pair[0]).map(
    lambda pairs: "".join(f"{key} = {value}\n" for key, value in pairs)
)


@pytest.mark.parametrize("name", ["", "PP016-ambiguous-value", "PP120-duplicate-id", "PP303-wrong-expect"])
def test_any_configuration_is_followed_or_refused(name: str, workspace: Path) -> None:
    """Never a crash, never a clean run over what cannot be read, no finding that is neither told nor counted."""
    if name:
        lay(FIXTURES / name, workspace)
    loaded = load(workspace)
    isolated = validate.run(loaded)
    firm = [finding for finding in isolated.findings if RULES[finding.code].firm]
    followed, refused = list[str](), list[str]()

    @options(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(DOCUMENT)
    def check(text: str) -> None:
        OWN.write_text(text, encoding="utf-8")
        try:
            settled = config.read(loaded.root, sources(loaded.root))
        except UsageError as error:
            refused.append(str(error))
            return
        report = validate.run(loaded, settings=settled)
        assert report.relaxed
        assert [f for f in report.findings if RULES[f.code].firm] == firm
        assert report.errors >= len(firm)
        idle = sum(f.code == "PP331" for f in report.findings) + dict(report.relaxed.silenced).get("PP331", 0)
        total = len(report.findings) + sum(count for _, count in report.relaxed.silenced)
        assert total - idle == len(isolated.findings)
        followed.append(text)

    check()
    assert all(words.startswith("policy-preview.toml:") for words in refused)
    assert min(len(followed), len(refused)) > 20, "else this would say little"
