"""Small mistakes in a policy and in a draft of one, and what is said of each to the letter."""

from __future__ import annotations

from bases import DATES  # beside this file

# A file, what stands in it, what is written instead, and every finding: LINE:COLUMN CODE MESSAGE | HINT.
IN_POLICIES: list[tuple[str, str, str, list[str]]] = [
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
]  # fmt: skip
