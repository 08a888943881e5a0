"""Small mistakes in a file of each kind, and what is said of them to the letter.

The wording is part of what the tool is: whoever reads a message has never seen the schema.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from policy_preview import faults, reader, schema
from policy_preview.core import Place
from policy_preview.findings import Finding

POLICY = """\
schema: policy/1
id: assistant-1
title: Acme Assistant as released
provider: acme
subject: [acme-assistant]
status: on-record
covers: [cyber]
in_force: {from: "2026-01-05", evidence: [F-001]}
surfaces: [app]
standings:
  - {id: general, title: Any account}
safeguards:
  - id: attacks
    title: Unauthorised attacks
    disclosed:
      - {date: "2026-01-05", by: provider, where: release note, evidence: [F-001]}
    rows:
      - id: unauthorised
        category: cyber
        risk: restricted
        then: fires
        evidence: [F-001]
    effects:
      - id: everywhere
        surfaces: [app]
        response: limit
        visibility: silent
        evidence: [F-001]
claims:
  - {id: told, kind: measured, metric: share of requests, text: Few., evidence: [F-001]}
"""
DRAFT = """\
schema: policy/1
id: assistant-2
title: Acme Assistant, a draft
author: a reader
published: "2026-01-05"
status: proposed
based_on: assistant-1
changes:
  - {remove: attacks.rows.other, rationale: It misfires., evidence: [F-001]}
"""
FAMILY = """\
schema: family/1
family: shop-sign-in
category: cyber
topic: penetration-testing
situation: The sign-in page of a small shop.
provenance: {origin: written, created: "2026-01-05"}
cases:
  - id: shop-sign-in-a
    risk: benign
    pivot: what is handed over
    prompt: |-
      Which of these sign-ins failed?
    expect:
      assistant-1: [answer]
    rule: cyber.1
    rationale: Reading a log is defence.
    hazard: 0
"""
EVIDENCE = """\
schema: evidence/1
title: The texts this example rests on
sources:
  - id: SRC-001
    title: Release note
    author: Acme
    published: "2026-01-05"
    url: https://example.com/release
    kind: provider-post
    read_as: primary
facts:
  - id: F-001
    statement: Such requests are answered in a reduced way.
    source: SRC-001
    locator: third paragraph
    date: "2026-01-05"
    kind: provider-statement
    confidence: high
"""
TAXONOMY = """\
schema: taxonomy/1
categories: [{id: cyber, title: Cyber, definition: Attack and defence.}]
topics: [{id: operations, category: cyber, title: Operations, definition: Logs.}]
risks:
  - id: benign
    definition: No means.
    examples: [{text: Which failed, why: Reading.}, {text: Why long, why: Explaining.}]
spans: [{id: request, definition: One message.}]
modes: [{id: chat, definition: No tools.}]
surfaces: [{id: app, title: App, definition: A person.}]
rules: [{id: cyber.1, category: cyber, risk: benign, text: Read logs.}]
headline: [assistant-1]
"""
BASES = {"policy": POLICY, "draft": DRAFT, "family": FAMILY, "evidence": EVIDENCE, "taxonomy": TAXONOMY}

DATES = 'write "2026", "2026-06", "2026-06-09", "2026-06-11T05:56Z" or "2026-06-11T05:56:30Z"'

# A file, what stands in it, what is written instead, and every finding: LINE:COLUMN CODE MESSAGE | HINT.
MISTAKES: list[tuple[str, str, str, list[str]]] = [
    ("policy", "provider: acme", "providr: acme", [
        "4:1 PP101 unknown key `providr` | did you mean `provider`?",
    ]),
    ("policy", "status: on-record", "stattus: on-record", [
        "6:1 PP101 unknown key `stattus` | did you mean `status`?",
    ]),
    ("policy", "status: on-record\n", "", [
        "1:1 PP102 this file needs a key `status` | one of on-record, proposed, counterfactual",
    ]),
    ("policy", "status: on-record", "status: on-recrod", [
        "6:9 PP104 `on-recrod` is not a word for `status` | did you mean `on-record`?",
    ]),
    ("policy", "status: on-record", "status: proposed", [
        "1:1 PP102 this file needs a key `author` | who proposes it, or who wrote down the what-if",
        "1:1 PP102 this file needs a key `published` | when the proposal was published",
    ]),
    ("policy", "status: on-record", "status: no", [
        '6:9 PP016 `no` without quotes is not the same to every YAML reader | for text write "no"; else true or '
        "false",
    ]),
    ("policy", "    title: Unauthorised attacks\n", "", [
        "13:5 PP102 an item of `safeguards` needs a key `title` | what it guards against, in a few words",
    ]),
    ("policy", "        then: fires\n", "", [
        "18:9 PP102 an item of `rows` needs a key `then` | one of fires, passes, may-fire, unspecified",
    ]),
    ("policy", "then: fires", "then: fire", [
        "21:15 PP104 `fire` is not a word for `then` | did you mean `fires`?",
    ]),
    ("policy", "then: fires", "then: block", [
        "21:15 PP104 `block` is not a word for `then` | one of fires, passes, may-fire, unspecified",
    ]),
    ("policy", "then: fires", "than: fires", [
        "21:9 PP101 unknown key `than` | did you mean `then`?",
    ]),
    ("policy", "risk: restricted", "risk: high", [
        "20:15 PP104 `high` is not a word for `risk` | one of benign, dual-use, restricted",
    ]),
    ("policy", "risk: restricted", "risk: [benign, restrictd]", [
        "20:24 PP104 `restrictd` is not a word for `risk` | did you mean `restricted`?",
    ]),
    ("policy", "risk: restricted", "risk: []", [
        "20:15 PP109 `risk` needs 1 item at least | the risk or risks",
    ]),
    ("policy", "risk: restricted", "risk: 3", [
        "20:15 PP103 `risk` must be text or a list, not a number | put it in double quotes",
    ]),
    ("policy", "risk: restricted", "risk: {benign: true}", [
        "20:15 PP103 `risk` must be text or a list, not a mapping | put it in double quotes if it is text",
    ]),
    ("policy", "category: cyber", "category: Cyber", [
        "19:19 PP108 `Cyber` does not have the form that `category` needs | a lower-case name of letters and "
        "digits joined by single hyphens",
    ]),
    ("policy", "category: cyber", "category: [cyber, Bio_Chem]", [
        "19:27 PP108 `Bio_Chem` does not have the form that `category` needs | a lower-case name of letters and "
        "digits joined by single hyphens",
    ]),
    ("policy", "title: Acme Assistant as released", "title: 2026", [
        "3:8 PP103 `title` must be text, not a number | put it in double quotes",
    ]),
    ("policy", "title: Acme Assistant as released", "title: true", [
        "3:8 PP103 `title` must be text, not true or false | put it in double quotes",
    ]),
    ("policy", "title: Acme Assistant as released", "title: null", [
        "3:8 PP103 `title` must be text, not nothing | write a value, or leave the key out",
    ]),
    ("policy", "title: Acme Assistant as released", "title:", [
        "3:1 PP016 `title` has no value | write one; only a key that is not needed can be left out",
    ]),
    ("policy", "title: Acme Assistant as released", "title: [Acme]", [
        "3:8 PP103 `title` must be text, not a list | put it in double quotes if it is text",
    ]),
    ("policy", "title: Acme Assistant as released", 'title: ""', [
        "3:8 PP109 `title` is empty | what it is, for people",
    ]),
    ("policy", "subject: [acme-assistant]", "subject: acme-assistant", [
        "5:10 PP103 `subject` must be a list, not text | write each item on a line of its own, after `- `",
    ]),
    ("policy", "subject: [acme-assistant]", 'subject: [acme-assistant, ""]', [
        "5:27 PP109 an item of `subject` is empty | a model id, or any",
    ]),
    ("policy", "covers: [cyber]", "covers: []", [
        "7:9 PP109 `covers` needs 1 item at least | the categories the text speaks about",
    ]),
    ("policy", "id: assistant-1", "id: Assistant 1", [
        "2:5 PP108 `Assistant 1` does not have the form that `id` needs | a lower-case name of letters and "
        "digits joined by single hyphens",
    ]),
    ("policy", 'from: "2026-01-05"', 'from: "5 January 2026"', [
        "8:18 PP105 `5 January 2026` is not a date | " + DATES,
    ]),
    ("policy", 'from: "2026-01-05"', 'from: "2026-02-29"', [
        "8:18 PP105 `2026-02-29` is not in the calendar | write a day that exists",
    ]),
    ("policy", 'from: "2026-01-05"', "from: 2026", [
        "8:18 PP103 `from` must be text or a mapping, not a number | put it in double quotes",
    ]),
    ("policy", 'from: "2026-01-05"', 'from: {after: "2026-01-05", befor: "2026-01-06", question: Q-001}', [
        "8:40 PP101 unknown key `befor` | did you mean `before`?",
    ]),
    ("policy", 'from: "2026-01-05"', 'from: {after: "2026-01-05"}', [
        "8:18 PP102 `from` needs a key `question` | the open question about the exact time",
    ]),
    ("policy", 'from: "2026-01-05"', 'from: {question: Q-001}', [
        "8:18 PP109 `from` needs 2 keys at least | the start: a date, or a window {after, before, question} where the "
        "record does not say exactly, one bound of which may be left out",
    ]),
    ("policy", 'from: "2026-01-05"', "from: [a]", [
        "8:18 PP103 `from` must be text or a mapping, not a list | put it in double quotes if it is text",
    ]),
    ("policy", "evidence: [F-001]}\nsurfaces", "evidence: [F1]}\nsurfaces", [
        "8:43 PP108 `F1` does not have the form that `evidence` needs | the id of a fact in spec/evidence, such "
        "as F-101",
    ]),
    ("policy", "standings:\n  - {id: general, title: Any account}", "standings: [general]", [
        "10:13 PP103 an item of `standings` must be a mapping, not text | write its keys on lines of their own: "
        "id, title",
    ]),
    ("policy",
     "response: limit\n        visibility: silent",
     "options: [{response: limit, visibility: silent, evidence: [F-001]}, {response: refusal, visibility: "
     "visible, evidence: [F-001]}]\n        response: limit",
     [
        "27:9 PP107 key `response` does not belong here | with `options`, `response` goes into each option",
    ]),
    ("policy",
     "response: limit\n        visibility: silent",
     "options: [{response: limit, visibility: silent, evidence: [F-001]}]",
     [
        "26:18 PP109 `options` needs 2 items at least | several whole bodies, each possible, with their cause "
        "(question, or depends)",
    ]),
    ("policy",
     "response: limit\n        visibility: silent",
     "option: [{response: limit, visibility: silent, evidence: [F-001]}]",
     [
        "26:9 PP101 unknown key `option` | did you mean `options`?",
    ]),
    ("policy", "        visibility: silent\n", "", [
        "24:9 PP102 an item of `effects` needs a key `visibility` | "
        "one of visible, on-ask, afterwards, silent, unspecified",
    ]),
    ("policy", "visibility: silent", "visibility: hidden", [
        "27:21 PP104 `hidden` is not a word for `visibility` | one of visible, on-ask, afterwards, silent, unspecified",
    ]),
    ("policy", "response: limit", "response: refuse", [
        "26:19 PP104 `refuse` is not a word for `response` | did you mean `refusal`?",
    ]),
    ("policy", "provider: acme", "provider: acme\nauthor: a reader", [
        "5:1 PP107 key `author` does not belong here | a policy with `status: on-record` has no `author`",
    ]),
    ("policy", "provider: acme", "provider: acme\nauthor: {name: a reader}", [
        "5:1 PP107 key `author` does not belong here | a policy with `status: on-record` has no `author`",
    ]),
    ("policy", "provider: acme", "provider: acme\nauthor: 7", [
        "5:1 PP107 key `author` does not belong here | a policy with `status: on-record` has no `author`",
    ]),
    ("policy", "provider: acme", "provider: acme\nbased_on: assistant-0", [
        "5:1 PP107 key `based_on` does not belong here | a policy with `status: on-record` has no `based_on`",
    ]),
    ("policy", "provider: acme", "provider: acme\nchanges: []", [
        "5:1 PP107 key `changes` does not belong here | `changes` goes with `based_on`; `safeguards` are "
        "inherited there",
    ]),
    ("policy", "metric: share of requests, ", "", [
        "30:5 PP102 an item of `claims` needs a key `metric` | what is counted, and per what, such as sessions "
        "without a fallback",
    ]),
    ("policy", "kind: measured, metric: share of requests", "kind: promise", [
        "30:5 PP102 an item of `claims` needs a key `safeguards` | the safeguards the promise covers",
        "30:5 PP102 an item of `claims` needs a key `told` | one of always, sometimes, on-ask, afterwards, never",
    ]),
    ("policy", "kind: measured, metric: share of requests", "kind: mesured", [
        "30:22 PP104 `mesured` is not a word for `kind` | did you mean `measured`?",
    ]),
    ("policy", "    effects:\n      - id: everywhere", "    effects:\n      - 5\n      - id: everywhere", [
        "24:9 PP103 an item of `effects` must be a mapping or text, not a number | write a mapping or text",
    ]),
    ("policy", "    effects:\n      - id: everywhere", "    effects:\n      - Shared One\n      - id: everywhere", [
        "24:9 PP108 `Shared One` does not have the form that `effects` needs | a lower-case name of letters and "
        "digits joined by single hyphens",
    ]),
    ("policy", "schema: policy/1", "schema: policy/2", [
        "1:9 PP106 `policy/2` is newer than this tool reads | update policy-preview; it reads policy/1",
    ]),
    ("policy", "schema: policy/1", "schema: policy/0", [
        "1:9 PP110 this file needs `schema: policy/1`, not `policy/0` | write `schema: policy/1` on the first "
        "line, or move the file",
    ]),
    ("policy", "schema: policy/1", "schema: policy", [
        "1:9 PP110 this file needs `schema: policy/1`, not `policy` | write `schema: policy/1` on the first "
        "line, or move the file",
    ]),
    ("policy", "schema: policy/1", "schema: family/1", [
        "1:9 PP110 this file needs `schema: policy/1`, not `family/1` | write `schema: policy/1` on the first "
        "line, or move the file",
    ]),
    ("policy", "schema: policy/1", "schema: 1", [
        "1:9 PP110 this file needs `schema: policy/1`, not `1` | write `schema: policy/1` on the first line, or "
        "move the file",
    ]),
    ("policy", "schema: policy/1\n", "", [
        "1:1 PP110 this file needs `schema: policy/1` | write `schema: policy/1` on the first line, or move the file",
    ]),
    ("policy", "by: provider", "by: [provider]", [
        "16:34 PP103 `by` must be text, not a list | put it in double quotes if it is text",
    ]),
    ("draft", "author: a reader\n", "", [
        "1:1 PP102 this file needs a key `author` | who proposes it, or who wrote down the what-if",
    ]),
    ("draft", "based_on: assistant-1", "based-on: assistant-1", [
        "7:1 PP101 unknown key `based-on` | did you mean `based_on`?",
    ]),
    ("draft", "based_on: assistant-1\n", "", [
        "7:1 PP107 key `changes` does not belong here | `changes` goes with `based_on`; `safeguards` are "
        "inherited there",
    ]),
    ("draft", "changes:\n", "change:\n", [
        "8:1 PP101 unknown key `change` | did you mean `changes`?",
    ]),
    ("draft", "changes:\n", "safeguards: [{id: a}]\nchanges:\n", [
        "8:1 PP107 key `safeguards` does not belong here | `changes` goes with `based_on`; `safeguards` are "
        "inherited there",
    ]),
    ("draft", "remove: attacks.rows.other", "replace: 5", [
        "9:15 PP103 `replace` must be text, not a number | put it in double quotes",
    ]),
    ("draft", "rationale: It misfires., ", "", [
        "9:5 PP102 an item of `changes` needs a key `rationale` | why",
    ]),
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


def check(text: str, kind: str) -> list[Finding]:
    document = reader.parse(text, "file")
    assert document.data is not None
    return document.findings + schema.check(document.data, kind, Place("file"))


def lines(findings: list[Finding]) -> list[str]:
    return [f"{f.place.line}:{f.place.column} {f.code} {f.message} | {f.hint}" for f in findings]


def kind_of(base: str) -> str:
    return "policy" if base == "draft" else base


@pytest.mark.parametrize("base", BASES)
def test_bases_are_sound(base: str) -> None:
    assert check(BASES[base], kind_of(base)) == []


@pytest.mark.parametrize(("base", "old", "new", "wanted"), MISTAKES, ids=[f"{m[0]}: {m[2]!r:.60}" for m in MISTAKES])
def test_mistake(base: str, old: str, new: str, wanted: list[str]) -> None:
    assert BASES[base].count(old) == 1
    findings = check(BASES[base].replace(old, new), kind_of(base))
    assert lines(findings) == wanted
    sober(findings)


# Words of jsonschema's messages, of JSON Schema's keywords and types, and of regular expressions.
FOREIGN = re.compile(
    r"is not of type|is a required property|is not one of|does not match|non-empty|Additional properties|should not be"
    r"|too short|valid under|was expected|False schema|additionalProperties|propertyNames|minItems|\bobject\b|\barray\b"
    r"|\bstring\b|\binteger\b|\bboolean\b|NoneType|\bdict\b|\bTrue\b|\bFalse\b|\bNone\b|\[a-z0-9\]|\^|\$"
)


def sober(findings: list[Finding]) -> None:
    """Every message is short, printable and in our own words."""
    for finding in findings:
        assert len(finding.message) < 200, finding.message
        assert len(finding.hint) <= 250, finding.hint
        assert finding.message.isprintable()
        assert finding.hint.isprintable()
        assert not FOREIGN.search(finding.message), finding.message
        assert not FOREIGN.search(finding.hint), finding.hint


def test_not_a_mapping() -> None:
    assert lines(check("- a\n", "family")) == [
        "1:1 PP103 this file must be a mapping, not a list | write its keys on lines of their own: "
        "schema, family, category, topic, situation, cases"
    ]
    assert lines(check("prompt\n", "evidence")) == [
        "1:1 PP103 this file must be a mapping, not text | write its keys on lines of their own: schema, title"
    ]
    assert lines(check("{}\n", "taxonomy")) == [
        "1:1 PP110 this file needs `schema: taxonomy/1` | "
        "write `schema: taxonomy/1` on the first line, or move the file"
    ]


@pytest.mark.parametrize(
    ("base", "old", "new"),
    [
        ("evidence", 'date: "2026-01-05"', "date: 2026-01-05"),
        ("evidence", "confidence: high", "confidence: no"),
        ("evidence", "title: Release note", "title: *note"),
        ("evidence", "title: Release note", 'title: !!int "5"'),
        ("evidence", "title: Release note", "title:"),
        ("evidence", "title: Release note", "title: Release note\n    on: x"),
        ("evidence", "title: Release note", "title: Release note\n    <<: {a: b}"),
        ("evidence", "title: Release note", "title: Release note\n    ? [a, b]\n    : x"),
        ("evidence", "title: Release note", "title: Release note\n    title: [again]"),
        ("family", "hazard: 0", "hazard: 012"),
        ("family", "Which of these sign-ins failed?", "Which?\n    prompt: |-\n      Again?"),
        ("family", "    prompt: |-\n      Which of these sign-ins failed?", "    prompt: Is #12 the one?"),
        ("policy", "status: on-record", "status: ~"),
        ("policy", "then: fires", "then: *what"),
    ],
)
def test_what_the_reader_has_refused_is_not_told_twice(base: str, old: str, new: str) -> None:
    text = BASES[base].replace(old, new)
    assert text != BASES[base]
    findings = check(text, kind_of(base))
    assert [f.code[:3] for f in findings if f.code != "PP103"] == ["PP0"]
    assert len(findings) == 1 + ("[again]" in new)  # the last of two keys counts, and is judged


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("title: Release note", 'title: "LONG"', "PP109"),
        ("title: Release note", 'title: Release note\n    "LONG": 1', "PP009"),  # a key of one line has an end
        ("title: Release note", 'title: Release note\n    ? "LONG"\n    : 1', "PP101"),
        ("facts:\n", 'facts:\n  - "LONG"\n', "PP103"),
        ("confidence: high", 'confidence: "LONG"', "PP104"),
        ("id: F-001", 'id: "LONG"', "PP109"),
        ("url: https://example.com/release", 'url: "https://LONG"', "PP109"),
        ("schema: evidence/1", 'schema: "LONG"', "PP110"),
    ],
)
def test_a_megabyte_of_text(old: str, new: str, code: str) -> None:
    text = EVIDENCE.replace(old, new.replace("LONG", "x@" * 524_288))
    document = reader.parse(text, "file")
    findings = document.findings or schema.check(document.data, "evidence", Place("file"))
    assert [f.code for f in findings] == ([code] if code else [])
    sober(findings)


@pytest.mark.parametrize(
    ("base", "old", "new", "code"),
    [
        ("policy", "covers: [cyber]", "covers: [" + "Cyber, " * 100_000 + "]", "PP108"),
        ("policy", "risk: restricted", "risk: [" + "bening, " * 100_000 + "]", "PP104"),
        ("policy", "subject: [acme-assistant]", "subject: [" + "7, " * 100_000 + "]", "PP103"),
        ("policy", "subject: [acme-assistant]", "subject: [" + '"", ' * 100_000 + "]", "PP109"),
        ("family", "cases:\n", "cases:\n" + "  - {}\n" * 100_000, "PP102"),
        ("family", "situation:", "".join(f"key-{n}: 1\n" for n in range(90_000)) + "situation:", "PP101"),
        ("evidence", "facts:\n", "facts:\n" + '  - {date: "2026-02-31"}\n' * 60_000, "PP105"),
        ("family", "assistant-1: [answer]", "".join(f"A{n}: [answer]\n      " for n in range(60_000)), "PP108"),
        ("family", "assistant-1: [answer]", "".join(f"a{n}: [answr]\n      " for n in range(60_000)), "PP108"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.startswith("PP") else "",
)
def test_no_more_findings_of_a_kind_than_a_person_can_use(base: str, old: str, new: str, code: str) -> None:
    assert BASES[base].count(old) == 1
    findings = check(BASES[base].replace(old, new), kind_of(base))
    places = [f.place for f in findings if f.code == code]
    assert len(places) == faults.MAX_ALIKE
    assert places == sorted(places)
    assert places[0].line <= 22  # the first in the file, not any
    assert len(findings) <= 3 * faults.MAX_ALIKE
    sober(findings)


def test_what_is_found_does_not_hang_on_the_order_of_a_set() -> None:
    text = FAMILY.replace("assistant-1: [answer]", "".join(f"a{n}: [answr]\n      " for n in range(400)))
    assert [f.place.line for f in check(text, "family")] == list(range(14, 14 + faults.MAX_ALIKE))


@pytest.mark.parametrize("base", BASES)
def test_nested_to_depth_60(base: str) -> None:
    text = BASES[base]
    for match in list(re.finditer(r"^( *(?:- )?)([a-z_]+):.*$", text, re.MULTILINE)):
        if match[2] == "schema":
            continue
        for nest in ("[" * 55 + "]" * 55, "{a: " * 55 + "1" + "}" * 55, "[{a: " * 27 + "1" + "}]" * 27):
            changed = f"{text[: match.start()]}{match[1]}{match[2]}: {nest}{text[match.end() :]}"
            document = reader.parse(changed)
            if document.data is not None:
                sober(schema.check(document.data, kind_of(base), Place("file")))


# --- the schemas themselves ------------------------------------------------------------------------------------------


def nodes(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    if isinstance(node, list):
        for item in node:
            yield from nodes(item, path)
    if isinstance(node, dict):
        names = path[-1:] in (("properties",), ("$defs",))
        if not names:
            yield path, node
        for key, value in node.items():
            yield from nodes(value, (*path, "" if names else key))


KINDS = sorted(schema.KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_keyword_of_the_schemas_is_put_in_words(kind: str) -> None:
    """A keyword that the translation does not know would end in a wrong sentence."""
    known = {"type", "additionalProperties", "required", "properties", "items", "enum", "const", "pattern", "minItems",
             "maxItems", "minLength", "maxLength", "minProperties", "minimum", "maximum", "propertyNames", "if", "then",
             "else", "allOf", "$ref", "not", "$schema", "$id", "$defs", "title", "description", "examples"}  # fmt: skip
    raw = json.loads((schema.directory() / f"{kind}.schema.json").read_text(encoding="utf-8"))
    for path, node in nodes(raw):
        assert set(node) <= known, path
        if "if" in node:  # what `unclear` rests on
            assert set(node["if"]) in ({"required"}, {"required", "properties"}, {"type"}), path


@pytest.mark.parametrize("kind", KINDS)
def test_every_value_of_the_wrong_type_is_told(kind: str) -> None:
    """Whatever the schema refuses becomes a finding, at the place of the value, in our words."""
    base = BASES[kind]
    for match in list(re.finditer(r"([a-z_0-9-]+: )([^\s{}\[\],|][^\n{}\[\],]*|\[[^\n]*?\]|\{[^\n]*?\})", base)):
        for value in ("7", "7.5", "true", "null", '""', "[]", "{}", "[7]", "{a: 7}", '"x y"', '["x y"]', '"Ω\\n"'):
            text = base[: match.start(2)] + value + base[match.end(2) :]
            document = reader.parse(text, "file")
            if document.data is None:
                continue
            found = schema.check(document.data, kind, Place("file"))
            refused = not schema._validator(kind).is_valid(document.data)
            if match[1] != "schema: ":
                assert bool(found) == refused, text
            sober(found)
            assert all(1 <= f.place.line <= text.count("\n") + 1 for f in found)
