"""What the reader and the schemas can say of a file. Each function makes one finding; its docstring documents it."""

from __future__ import annotations

import re

from .core import Place
from .findings import Finding, did_you_mean, printable, rule, shown

MAX_BYTES, MAX_DEPTH, MAX_NODES = 4 * 1024 * 1024, 64, 200_000
MAX_ALIKE = 20  # findings of one code in one file; more tell nobody anything

_QUOTE = "put the value in double quotes if it is text"
# Part of the parser's problem or context (C or Python): what is wrong in our words, and what most often lies behind it.
_SYNTAX = (
    ("an? (?:anchor|alias)$", "a `*` or `&` that begins a value", _QUOTE),
    ("an? tag$|tag handle", "a `!` that begins a value", _QUOTE),
    ("mapping values are not allowed", "a colon makes a key here, where none can stand",
     "put the value in double quotes, or on lines of its own under `|-`, if it holds a colon and a space; or check the "
     "indentation"),
    ("could not find expected ':'", "the line before is neither a key with its colon nor part of the text above it",
     "end the key with a colon, or indent the lines that go on under it"),
    ("unexpected ':'", "a colon within brackets that belongs to no key", _QUOTE),
    ("block mapping$", "this does not fit the mapping it stands in",
     "indent the keys of one mapping alike; text with quotation marks in it goes under `|-`"),
    ("block collection$", "this does not fit the list it stands in", "indent the items of one list alike"),
    ("document start", "more data after the end of the data", "check the brackets and the indentation of this line"),
    ("expected ',' or", "a comma or a closing bracket is missing here",
     "close the bracket, or put the value in double quotes"),
    ("node content", "a value is missing here", "write one; in double quotes if it begins with a special character"),
    ("sequence entries are not allowed", "a list cannot begin here", "begin it on a line of its own under its key"),
    ("mapping keys are not allowed", "a key cannot stand here", _QUOTE),
    ("unexpected end of stream", "a quotation mark is never closed", "close it"),
    ("unexpected document", "`---` or `...` within a quoted text", "close the quotation mark, or indent the line"),
    ("unknown escape", "an unknown escape after `\\`", "write `\\\\` for a backslash, or the text under `|-`"),
    ("hexa?decimal", "an escape with too few digits", "write the character itself"),
    ("Unicode character escape", "an escape that stands for no character", "write the character itself"),
    ("indicator (?:equal|in the range)", "a block of text cannot be indented by 0", "write `|-` alone"),
    ("comment or|chomping or", "text on the line of a `|` or `>`", "begin the text on the next line, indented"),
)  # fmt: skip


@rule("PP001", stage="read")
def not_a_file(place: Place, kind: str) -> Finding:
    """Only regular files are read: a directory, pipe, socket or device with a YAML name is refused unopened."""
    return Finding(place, "PP001", f"not a regular file but {kind}", "put a YAML file here, or take the name away")


@rule("PP002", stage="read")
def unreadable(place: Place, why: str) -> Finding:
    """A file that is there but cannot be read (permissions, a link that leads nowhere or round in a circle)."""
    return Finding(place, "PP002", f"cannot be read: {printable(why)}", "mend the permissions or the link")


@rule("PP003", stage="read")
def too_big(place: Place, size: int) -> Finding:
    """A file may have 4 MiB at most. Split a larger one: a family of cases has a file of its own anyway."""
    return Finding(place, "PP003", f"{size:,} bytes, more than the {MAX_BYTES:,} that are read", "split the file")


@rule("PP004", stage="read")
def not_utf8(place: Place, offset: int, byte: int) -> Finding:
    """Files are UTF-8. The message names the first byte that is not."""
    message = f"not UTF-8: byte 0x{byte:02x} at offset {offset}"
    return Finding(place, "PP004", message, "save the file as UTF-8, without a byte order mark")


@rule("PP005", stage="read")
def control_character(place: Place, char: str) -> Finding:
    """Control characters, invisible characters and those that turn the direction of writing can hide what a text says.

    They are refused as they stand and as escapes in a quoted string, so that what a reviewer sees is what is there.
    """
    hint = "save the file without a byte order mark, or take it out" if char == "\ufeff" else "take it out"
    return Finding(place, "PP005", f"invisible, control or direction character U+{ord(char):04X}", hint)


@rule("PP006", stage="read")
def line_separator(place: Place, char: str) -> Finding:
    """NEL, U+2028, U+2029 and a carriage return alone end a line for one YAML reader and not for another."""
    return Finding(place, "PP006", f"line separator U+{ord(char):04X}", "use an ordinary line break")


@rule("PP007", stage="read")
def empty(place: Place) -> Finding:
    """A file without any content says nothing, and is more often a mistake than meant."""
    return Finding(place, "PP007", "the file is empty", "`policy-preview new` writes a skeleton; or remove the file")


@rule("PP008", stage="read")
def several_documents(place: Place) -> Finding:
    """A file holds one YAML document. A second one, after `---`, would pass unread with many tools."""
    return Finding(place, "PP008", "a second document in one file", "put it in a file of its own")


@rule("PP009", stage="read")
def syntax(place: Place, problem: str, char: str = "") -> Finding:
    """The file is not YAML. The hint is what most often lies behind it.

    The words are ours, and the same whichever parser (C or Python) is at work.
    """
    message, hint = next((rest for part, *rest in _SYNTAX if re.search(part, problem)), ("", "check the quotes"))
    if "cannot start any token" in problem or " tab " in problem:
        message, hint = ("a backtick" if char == "`" else shown(char)) + " cannot begin a value", _QUOTE
        if char == "\t":
            message, hint = "a tab, where only spaces can stand", "indent with spaces"
    return Finding(place, "PP009", f"not valid YAML: {message or 'unreadable from here on'}", hint)


@rule("PP010", stage="read")
def duplicate_key(place: Place, key: str, first: Place) -> Finding:
    """A key stands twice in one mapping. Most readers silently keep the last; both places are shown."""
    message = f"key {shown(key)} stands twice in this mapping"
    return Finding(place, "PP010", message, "keep one of the two", ((first, "first here"),))


@rule("PP011", stage="read")
def anchor(place: Place, name: str) -> Finding:
    """Anchors make one place of a file depend on another. What a reviewer reads in one place should be all there is."""
    return Finding(place, "PP011", f"anchor {shown('&' + name)}", "write the value out where it is used")


@rule("PP012", stage="read")
def alias(place: Place, name: str) -> Finding:
    """An alias stands for what an anchor marked, and a few of them can unfold to gigabytes."""
    return Finding(place, "PP012", f"alias {shown('*' + name)}", "write the value out here")


@rule("PP013", stage="read")
def merge_key(place: Place) -> Finding:
    """`<<` merges a mapping into another for some YAML readers and is an ordinary key for others."""
    return Finding(place, "PP013", "merge key `<<`", "write the keys out here")


@rule("PP014", stage="read")
def tag(place: Place, name: str) -> Finding:
    """Tags (`!something`) tell a reader to build something other than plain data. Data here is plain."""
    name = name.replace("tag:yaml.org,2002:", "!!")
    return Finding(place, "PP014", f"tag {shown(name)}", "take it away; put the value in double quotes if it is text")


@rule("PP015", stage="read")
def directive(place: Place, _: str = "%") -> Finding:
    """Lines that begin with `%` are instructions to a YAML reader, or text that one reader takes for such."""
    return Finding(place, "PP015", "a line that begins with `%`", "indent it if it is text, else take it away")


@rule("PP016", stage="read")
def ambiguous_value(place: Place, text: str, key: str = "") -> Finding:
    """An unquoted value that YAML 1.1, YAML 1.2 and JSON readers do not read alike: a date, `yes`, `012`, `1e3`, `~`.

    The same file would then say different things to different tools. Text goes in double quotes; numbers are written
    as in JSON. A key with nothing behind it is refused too: leave out what has no value.
    """
    if not text:
        message = f"{shown(key)} has no value" if key else "there is no value here"
        hint = "write one; only a key that is not needed can be left out" if key else "write one, or take the `-` away"
        return Finding(place, "PP016", message, hint)
    message = f"{shown(text)} without quotes is not the same to every YAML reader"
    return Finding(place, "PP016", message, _quoted(text))


def _quoted(text: str) -> str:
    if len(text) > 30 or not text.isprintable() or set(text) & {'"', "\\"}:
        return "put it in double quotes if it is text; write a number as in JSON"
    return f'for text write "{text}"; ' + ("else true or false" if text.isalpha() else "a number as in JSON")


@rule("PP017", stage="read")
def bad_key(place: Place, text: str | None) -> Finding:
    """A key that is no text, or not the same text to every YAML reader, such as `on`, `no`, `1` or a list."""
    if text is None:
        return Finding(place, "PP017", "a list or mapping as a key", f"write a word as the key; {_QUOTE}")
    if not text:
        return Finding(place, "PP017", "there is no key before this colon", "write one, or take the colon away")
    message = f"key {shown(text)} is not the same text to every YAML reader"
    return Finding(place, "PP017", message, "put the key in double quotes, or rename it")


@rule("PP018", stage="read")
def lost_text(place: Place, key: str) -> Finding:
    """In an unquoted text everything after ` #` is a comment and gets lost. Prompts are written under `|-`.

    Noticed after any unquoted prompt, message or sample, and elsewhere where words are followed by `#12` or `#name`.
    """
    message = f"the text of {shown(key)} breaks off at ` #`: the rest is a comment to YAML"
    return Finding(place, "PP018", message, "write the text on lines of its own under `|-`")


@rule("PP019", stage="read")
def too_deep(place: Place) -> Finding:
    """Nesting is read to a depth of 64; nothing in the schemas comes near."""
    return Finding(place, "PP019", f"nested deeper than {MAX_DEPTH} levels", "close the brackets, or flatten the data")


@rule("PP020", stage="read")
def too_many_nodes(place: Place) -> Finding:
    """A file may hold 200,000 values and keys."""
    return Finding(place, "PP020", f"more than {MAX_NODES:,} values and keys", "split the file")


# --- against the schemas ----------------------------------------------------------------------------------------------


@rule("PP101", stage="schema")
def unknown_key(place: Place, key: str, near: str, known: list[str]) -> Finding:
    """A key the schema does not know. It would otherwise pass unread, and say nothing.

    Where a required key is missing beside it and looks alike, this one finding stands for both.
    """
    hint = near or "known here: " + ", ".join(known[:12]) + (" ..." if len(known) > 12 else "")
    return Finding(place, "PP101", f"unknown key {shown(key)}", hint)


@rule("PP102", stage="schema")
def missing_key(place: Place, key: str, what: str, description: str, words: list[str]) -> Finding:
    """A key that the schema requires is not there."""
    hint = "one of " + ", ".join(words) if words else _first(description)
    return Finding(place, "PP102", f"{what} needs a key `{key}`", hint)


@rule("PP103", stage="schema")
def wrong_type(place: Place, what: str, wanted: str, got: object, keys: list[str]) -> Finding:
    """A value of the wrong type: a list where a mapping stands in the schema, a number where text does."""
    hint = f"write {wanted}"
    if got is None:
        hint = "write a value, or leave the key out"
    elif wanted.startswith("text"):
        hint = "put it in double quotes" + " if it is text" * isinstance(got, dict | list)
    elif wanted == "a list":
        hint = "write each item on a line of its own, after `- `"
    elif wanted.startswith("a mapping") and keys:
        hint = "write its keys on lines of their own: " + ", ".join(keys)
    elif wanted == "a whole number" and isinstance(got, str) and got.isdecimal():
        hint = "take the quotes away"
    return Finding(place, "PP103", f"{what} must be {wanted}, not {_type(got)}", hint)


@rule("PP104", stage="schema")
def not_in_list(place: Place, key: str, value: object, words: list[str]) -> Finding:
    """A word that is not in the schema's list for this key."""
    hint = did_you_mean(value, words) or "one of " + ", ".join(words)
    return Finding(place, "PP104", f"{shown(value)} is not a word for {shown(key)}", hint)


@rule("PP105", stage="schema")
def bad_date(place: Place, value: object, formed: bool) -> Finding:
    """A date is a year, month, day, minute or second in UTC, as text, and must exist in the calendar."""
    if formed:
        return Finding(place, "PP105", f"{shown(value)} is not in the calendar", "write a day that exists")
    hint = 'write "2026", "2026-06", "2026-06-09", "2026-06-11T05:56Z" or "2026-06-11T05:56:30Z"'
    return Finding(place, "PP105", f"{shown(value)} is not a date", hint)


@rule("PP106", stage="schema")
def newer_schema(place: Place, value: str, newest: str) -> Finding:
    """The file is written for a newer version of its schema than this tool reads, so it is not checked further."""
    hint = f"update policy-preview; it reads {newest}"
    return Finding(place, "PP106", f"{shown(value)} is newer than this tool reads", hint)


@rule("PP107", stage="schema")
def not_here(place: Place, key: str, why: str) -> Finding:
    """A key that is known, but does not go together with another one that stands beside it."""
    return Finding(place, "PP107", f"key {shown(key)} does not belong here", why)


@rule("PP108", stage="schema")
def bad_form(place: Place, what: str, value: object, description: str) -> Finding:
    """A text that does not have the form of its kind: an id, a name, an address."""
    return Finding(place, "PP108", f"{shown(value)} does not have the form that {what} needs", _first(description))


@rule("PP109", stage="schema")
def wrong_amount(place: Place, what: str, message: str, description: str) -> Finding:
    """A list, text or mapping with too little or too much in it, or a number out of its range."""
    return Finding(place, "PP109", f"{what} {message}", _first(description) or "write what belongs here")


@rule("PP110", stage="schema")
def no_schema_line(place: Place, got: object, wanted: str) -> Finding:
    """The key `schema` says of what kind and version a file is; its folder says which kind belongs there."""
    message = f"this file needs `schema: {wanted}`" + (f", not {shown(got)}" if got is not None else "")
    return Finding(place, "PP110", message, f"write `schema: {wanted}` on the first line, or move the file")


def _type(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, float) and not value.is_integer():
        return "a fraction"
    kinds = ((str, "text"), (int, "a number"), (float, "a number"), (dict, "a mapping"), (list, "a list"))
    return next((word for kind, word in kinds if isinstance(value, kind)), "nothing")


def _first(description: str) -> str:
    """The first sentence of a description, as a hint."""
    sentence = description.split(". ")[0].rstrip(".")[:200]
    return sentence[:1].lower() + sentence[1:]
