"""Pages made from the code. Pure: each function returns the text of its page."""

from __future__ import annotations

from . import validate
from .findings import RULES

_REGISTERED = validate  # importing it registers every rule

_FAMILIES = {
    "PP0": ("Reading", "Whether a file can be read at all, and means the same to every YAML reader."),
    "PP1": ("Schema and references", "The shape of one object, and whether what it names is there."),
    "PP2": ("Policies", "Relations within a policy and along the policies it follows."),
    "PP3": ("Cases", "Labels, contrast, expectations."),
    "PP4": ("Texts", "What a text must not carry."),
}


def rules_page() -> str:
    """tools/RULES.md: every rule with what it says of itself."""
    lines = [
        "# Rules of the validator",
        "",
        "Generated from the docstrings; `UPDATE_DOCS=1 pytest tools/tests/test_rules_page.py` writes it anew.",
        "`policy-preview explain CODE` tells the same in a terminal. A code never changes its meaning. Every rule has",
        "a bad example in `tools/tests/fixtures/bad/`.",
        "",
        "A workspace can silence rules, or change their severity: [Configuration](../README.md#configuration). Not",
        "those that say `error always`, since something would then pass that no rule has looked at.",
    ]
    for prefix, (title, what) in _FAMILIES.items():
        lines += ["", f"## {prefix}xx {title}", "", what]
        for code, each in sorted(RULES.items()):
            if code.startswith(prefix):
                doc = "\n".join(line.strip() for line in each.doc.strip().split("\n"))
                severity = each.severity + " always" * each.firm
                lines += ["", f"### {code} {each.name}", "", f"{severity}, since {each.since}", "", doc]
    return "\n".join(lines) + "\n"
