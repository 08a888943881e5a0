"""PP405 to PP407: how texts are written down (personal.py: what they must not hold)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from ..across import MAY_COMBINE, STACK, Across, stacked
from ..findings import Finding, place_of, rule, shown
from ..reader import Document
from ..workspace import Workspace
from .places import Spots, text_place
from .walk import texts

_KINDS = ("taxonomy", "evidence", "policy", "family")
_REACH = 8  # code points that one composed character is looked for in

# Beginnings of words that judge what is seen instead of saying what is seen. An olive harvest is none.
_CONCLUSION = re.compile(
    r"""(?<![a-z])(?:
      abus | attack | bad[ ]actor | bot[ ]?farm | botnet | bypass | cheat | circumvent | criminal | decepti | dishonest
    | distil | evad | evasi | exfiltrat | exploit | fraud | hack(?!athon) | illegal | illicit | inauthentic | jailbr
    | harvest(?:ed|er|ing|s) | (?:to|answer|data|output|account)[ ]harvest | harvest[ ](?:of[ ])?(?:answer|data|output)
    | malic | misus | scrap(?:e|ing) | spam | steal | stole | suspect | suspici | sybil | theft | threat[ ]actor
    | unauthori[sz] | violat
    )[a-z]*
    | 不正 | 不審 | 怪し | 疑わし | 攻撃 | 悪意 | 悪用 | 乱用 | 濫用 | 回避 | 脱獄 | 蒸留 | 詐欺 | 盗 | 違法
    """,
    re.VERBOSE | re.IGNORECASE,
)


@rule("PP405", stage="both")
def not_nfc(workspace: Workspace) -> Iterator[Finding]:
    """Texts are in Unicode's composed form (NFC): two spellings that look alike must not be two texts."""
    spots = Spots(workspace)
    for kind in _KINDS:
        for file, data in workspace.of(kind):
            if _surely_composed(file.document):
                continue
            for text, spot in texts(data):
                if (stack := stacked(text)) is not None:
                    hint = f"Unicode's own limit is {STACK}; take them out"
                    yield Finding(spots.at(spot.place, text, stack), "PP405", "too many combining marks in a row", hint)
                    continue
                if text.isascii() or unicodedata.is_normalized("NFC", text):
                    continue
                start, was, should = _decomposed(text)
                near = shown(text[max(0, start - 12) : start + 12])
                message = f"not in composed form (NFC): {_points(was)} in {near}"
                hint = f"write {_points(should)} instead"
                yield Finding(spots.at(spot.place, text, start, len(was)), "PP405", message, hint)


def _surely_composed(document: Document) -> bool:
    """Whether every value of a file is: parts of a composed text are composed, and so they are on lines put together.

    Where escapes may bring in anything, it is not sure.
    """
    if "\\" in document.text and not document.plain:
        return False
    if not MAY_COMBINE.search(document.unusual):
        return True
    return stacked(document.text) is None and unicodedata.is_normalized("NFC", document.text)


def _decomposed(text: str) -> tuple[int, str, str]:
    """The first place where a text differs from its composed form: where, what is there, and what should be."""
    composed = unicodedata.normalize("NFC", text)
    start = next((n for n, (one, other) in enumerate(zip(text, composed, strict=False)) if one != other), len(composed))
    for end in range(start + 1, min(len(text), start + _REACH) + 1):
        here = unicodedata.normalize("NFC", text[start:end])
        whole = end == len(text) or not unicodedata.combining(text[end])
        if whole and here != text[start:end] and composed.startswith(here, start):
            return start, text[start:end], here
    return start, text[start : start + 1], composed[start : start + 1]


def _points(text: str) -> str:
    return " ".join(f"U+{ord(char):04X}" for char in text)


@rule("PP406", stage="across")
def same_text_twice(found: Across) -> Iterator[Finding]:
    """Two cases in use with one text count twice and say nothing more; or one of them was never edited.

    White space and capitals are not looked at.
    """
    for cases in found.worded_alike():
        for case in cases[1:]:
            message = f"{shown(case.id)} has the same text as {shown(cases[0].id)}"
            hint = "make the edit that its pivot names, or retire one of them"
            yield Finding(text_place(case), "PP406", message, hint, ((text_place(cases[0]), "the first"),))


@rule("PP407", stage="family")
def conclusion_in_pattern(workspace: Workspace) -> Iterator[Finding]:
    """A pattern says what is seen, in counts. What to make of it is the label's business, and gives the label away."""
    spots = Spots(workspace)
    for case in workspace.used:
        pattern = case.data.get("pattern", {})
        for key in ("over", "observed") if pattern else ():
            for match in _CONCLUSION.finditer(pattern.get(key, "")):
                place = spots.at(place_of(pattern, [key]), pattern[key], match.start(), len(match[0]))
                message = f"{shown(match[0])} is a conclusion, and {shown(key)} holds observations"
                yield Finding(place, "PP407", message, "say what is counted: how many, how often, when, how alike")
