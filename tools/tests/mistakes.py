"""Small mistakes in a file of each kind (in a policy: policy_mistakes.py), and what is said of each to the letter."""

from __future__ import annotations

from bases import DATES  # beside this file
from policy_mistakes import IN_POLICIES  # beside this file

# A file, what stands in it, what is written instead, and every finding: LINE:COLUMN CODE MESSAGE | HINT.
MISTAKES: list[tuple[str, str, str, list[str]]] = [
    *IN_POLICIES,
    ("family", "family: shop-sign-in", "family: Shop_Sign_In", [
        "2:9 PP108 `Shop_Sign_In` does not have the form that `family` needs | a lower-case name of letters and "
        "digits joined by single hyphens",
    ]),
    ("family", "risk: benign", "risk: low", [
        "9:11 PP104 `low` is not a word for `risk` | one of benign, dual-use, restricted",
    ]),
    ("family", "risk: benign", "risk: null", [
        "9:11 PP103 `risk` must be text, not nothing | write a value, or leave the key out",
    ]),
    ("family", "    risk: benign\n", "", [
        "8:5 PP102 an item of `cases` needs a key `risk` | one of benign, dual-use, restricted",
    ]),
    ("family", "    prompt: |-\n      Which of these sign-ins failed?", "    prompt: [Which]", [
        "11:13 PP103 `prompt` must be text, not a list | put it in double quotes if it is text",
    ]),
    ("family", "hazard: 0", "hazard: 4", [
        "17:13 PP109 `hazard` must be 3 or less | how much the text alone would help to do harm: 0 everyday, 3 "
        "withheld",
    ]),
    ("family", "hazard: 0", "hazard: -1", [
        "17:13 PP109 `hazard` must be 0 or more | how much the text alone would help to do harm: 0 everyday, 3 "
        "withheld",
    ]),
    ("family", "hazard: 0", 'hazard: "0"', [
        "17:13 PP103 `hazard` must be a whole number, not text | take the quotes away",
    ]),
    ("family", "hazard: 0", "hazard: low", [
        "17:13 PP103 `hazard` must be a whole number, not text | write a whole number",
    ]),
    ("family", "hazard: 0", "hazard: 0.5", [
        "17:13 PP103 `hazard` must be a whole number, not a fraction | write a whole number",
    ]),
    ("family", "hazard: 0", "hazard: true", [
        "17:13 PP103 `hazard` must be a whole number, not true or false | write a whole number",
    ]),
    ("family", "rule: cyber.1", "rule: cyber", [
        "15:11 PP108 `cyber` does not have the form that `rule` needs | the rule of the labelling guide that "
        "decides, such as cyber.1",
    ]),
    ("family", "assistant-1: [answer]", "Assistant 1: [answer]", [
        "14:7 PP108 `Assistant 1` does not have the form that a key of `expect` needs | a policy, "
        "POLICY@surface or POLICY@surface/standing, such as fable-5-launch@api",
    ]),
    ("family", "assistant-1: [answer]", "assistant-1: [refused]", [
        "14:21 PP108 `refused` does not have the form that `assistant-1` needs | one possible outcome: answer, or a "
        "visibility and a response such as visible-fallback or silent-limit, joined by + where several act",
    ]),
    ("family", "assistant-1: [answer]", "assistant-1: answer", [
        "14:20 PP103 `assistant-1` must be a list, not text | write each item on a line of its own, after `- `",
    ]),
    ("family", "assistant-1: [answer]", "assistant-1: []", [
        "14:20 PP109 `assistant-1` needs 1 item at least | every possible outcome",
    ]),
    ("family", "\n      assistant-1: [answer]", " {}", [
        "13:13 PP109 `expect` is empty | the outcomes that the author reads out of each headline policy, by hand",
    ]),
    ("family", 'created: "2026-01-05"', "created: 2026-01-05", [
        "6:40 PP016 `2026-01-05` without quotes is not the same to every YAML reader | for text write "
        '"2026-01-05"; a number as in JSON',
    ]),
    ("family", 'created: "2026-01-05"', 'created: "2026-13-05"', [
        "6:40 PP105 `2026-13-05` is not a date | " + DATES,
    ]),
    ("family", 'created: "2026-01-05"', 'created: "yesterday"', [
        "6:40 PP105 `yesterday` is not a date | " + DATES,
    ]),
    ("family", "    pivot: what", "    contested: [{risk: benign, reading: It may be.}]\n    pivot: what", [
        "10:16 PP109 `contested` needs 2 items at least | where two careful readers could differ: every reading, "
        "the label's own among them",
    ]),
    ("family", "    pivot: what", "    allow: [{code: 310, reason: So.}]\n    pivot: what", [
        "10:20 PP103 `code` must be text, not a number | put it in double quotes",
    ]),
    ("family", "    pivot: what", "    lang: English\n    pivot: what", [
        "10:11 PP108 `English` does not have the form that `lang` needs | the language of the texts, as a tag "
        "such as en (the default) or ja",
    ]),
    ("family", "    pivot: what", "    answer: Those two.\n    pivot: what", [
        "10:5 PP101 unknown key `answer` | known here: allow, category, contested, facets, lang, messages, mode, "
        "note, pattern, provenance, retired, span ...",
    ]),
    ("family", "cases:\n  - id", "cases:\n  - none\n  - id", [
        "8:5 PP103 an item of `cases` must be a mapping, not text | write its keys on lines of their own: id, risk",
    ]),
    ("family", "origin: written", "origin: writen", [
        "6:22 PP104 `writen` is not a word for `origin` | did you mean `written`?",
    ]),
    ("evidence", "statement:", "statment:", [
        "13:5 PP101 unknown key `statment` | did you mean `statement`?",
    ]),
    ("evidence", "confidence: high", "confidence: sure", [
        "18:17 PP104 `sure` is not a word for `confidence` | one of high, medium, low",
    ]),
    ("evidence", "source: SRC-001", "source: 1", [
        "14:13 PP103 `source` must be text, not a number | put it in double quotes",
    ]),
    ("evidence", "source: SRC-001", "source: SRC1", [
        "14:13 PP108 `SRC1` does not have the form that `source` needs | the id of a source in spec/evidence, "
        "such as SRC-A01",
    ]),
    ("evidence", "url: https://example.com/release", "url: example.com/release", [
        "8:10 PP108 `example.com/release` does not have the form that `url` needs | its public address, such as "
        "https://example.com/post",
    ]),
    ("evidence", "kind: provider-post", "kind: blog", [
        "9:11 PP104 `blog` is not a word for `kind` | one of provider-post, provider-documentation, system-card, "
        "risk-report, support-article, source-code, government, press, commentary, user-report, forum, research, "
        "terms, other",
    ]),
    ("evidence", "    kind: provider-statement\n    confidence: high\n", "", [
        "12:5 PP102 an item of `facts` needs a key `confidence` | one of high, medium, low",
        "12:5 PP102 an item of `facts` needs a key `kind` | one of provider-statement, provider-documentation, "
        "source-code, government-act, press-report, user-report, commentator-observation, commentator-opinion, "
        "inference",
    ]),
    ("evidence", 'date: "2026-01-05"', 'date: "05.01.2026"', [
        "16:11 PP105 `05.01.2026` is not a date | " + DATES,
    ]),
    ("evidence", "facts:", "fact:", [
        "11:1 PP101 unknown key `fact` | did you mean `facts`?",
    ]),
    ("evidence", "id: F-001", 'id: "F-001\\n"', [
        "12:9 PP108 `F-001\\x0a` does not have the form that `id` needs | the id of a fact in spec/evidence, "
        "such as F-101",
    ]),
    ("taxonomy", "headline: [assistant-1]", "headlines: [assistant-1]", [
        "12:1 PP101 unknown key `headlines` | did you mean `headline`?",
    ]),
    ("taxonomy", "headline: [assistant-1]\n", "", [
        "1:1 PP102 this file needs a key `headline` | the policies on which every case states its expected outcome",
    ]),
    ("taxonomy", "id: cyber.1", "id: cyber.12", [
        "11:14 PP108 `cyber.12` does not have the form that `id` needs | a rule of the labelling guide: "
        "category, full stop, number",
    ]),
    ("taxonomy",
     "examples: [{text: Which failed, why: Reading.}, {text: Why long, why: Explaining.}]",
     "examples: [{text: Which failed, why: Reading.}]",
     [
        "7:15 PP109 `examples` needs 2 items at least | two contrasting examples",
    ]),
    ("taxonomy", "  - id: benign", "  - id: harmless", [
        "5:9 PP104 `harmless` is not a word for `id` | one of benign, dual-use, restricted",
    ]),
    ("taxonomy", "modes: [{id: chat, definition: No tools.}]", "modes: {id: chat, definition: No tools.}", [
        "9:8 PP103 `modes` must be a list, not a mapping | write each item on a line of its own, after `- `",
    ]),
]  # fmt: skip
