"""PP401 to PP404: what may be somebody's, and so stands in no case: e-mail and network addresses, numbers, hosts.

The searches take a text alone and know nothing of cases. They prefer to miss an odd form over stopping an author at
every file name, version and quantity; `allow` is for the rest.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from itertools import islice

from ..findings import Finding, rule, shown
from ..workspace import Workspace
from .places import Spots, visible

Hit = tuple[int, str]
_MOST = 20  # hits of a kind in one text; more tell nobody anything

_STOPS = ".,;:!?)"
_RESERVED = ("example.com", "example.org", "example.net", "test", "invalid", "example", "localhost")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_NO_CODE = r"(?![(\[]|\s*=)"  # not q@k.sum(), not agent.net = ...
_EMAIL = re.compile(
    rf"(?<![\w.%+-])[A-Za-z0-9._%+-]+[@\uff20]((?:{_LABEL}\.)+[A-Za-z]{{2,24}})(?![A-Za-z0-9]){_NO_CODE}", re.ASCII
)
_URL = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9+.-]{1,15}://([!#-&(-;=?-_a-~]+)")
_HOST = re.compile(rf"(?<![\w.@/\\$-])((?:{_LABEL}\.)+)([A-Za-z]{{2,24}})(?![\w-]|\.\w){_NO_CODE}", re.ASCII)
# Ends of bare host names. Those that are also endings of files, words of English or attributes in code are left out
# (md, py, rs, sh, pt, zip; in, is, to, me, my; at, id) or need three parts.
_GENERAL = frozenset(["com", "org", "net", "edu", "gov", "mil", "eu"])
_COUNTRIES = frozenset(
    re.findall(
        "[a-z]+",
        """ar au br ca ch cl cn co cz de dk ee es fi fr gr hk hr hu ie il jp ke kr lt lu lv mx ng nl nz pe ph ro ru se
        sg sk th tr tw ua uk vn za""",
    )
)
_WITH_THREE = frozenset(["ai", "app", "biz", "cloud", "dev", "info", "io", "it", "xyz"])
_NO_HOSTS = frozenset(["asp.net", "ado.net", "vb.net"])
_NO_STARTS = frozenset(["self", "cls", "this", "com", "org", "net", "io"])  # attributes; packages (com.example.net)

_IP4 = re.compile(r"(?<![\w.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?!\w|\.[0-9])", re.ASCII)
_IP6 = re.compile(r"(?<![\w.:])(?<![\w)\]]\[)[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![\w:])", re.ASCII)
_NUMBERED = re.compile(
    r"(?:version|ver\.?|v\.?|release|firmware|driver|build|section|chapter|clause|\u00a7|バージョン)\s*:?\s*$",
    re.IGNORECASE,
)
_NOBODYS = [  # kept for documentation; the machine itself; any machine; masks
    ipaddress.ip_network(net)
    for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "127.0.0.0/8", "255.0.0.0/8", "0.0.0.0/32",
                "2001:db8::/32", "::1/128")
]  # fmt: skip

_D, _GAP = "[0-9\uff10-\uff19]", r"[ ()./\-\u2010\u2011\uff0d\u00a0]"
_FREE = r"(?<![A-Za-z0-9_.,+/\-\uff10-\uff19])"
_ENDED = r"(?![A-Za-z0-9_\uff10-\uff19]|[.,:/\-][0-9])"
_PHONES = [
    re.compile(rf"(?<![A-Za-z0-9_+.,])\+(?!0){_D}(?:{_GAP}{{0,3}}{_D}){{7,14}}{_ENDED}"),  # +49 30 1234567
    re.compile(rf"{_FREE}[0\uff10]{_D}{{1,4}}(?:{_GAP}{{1,2}}{_D}{{2,8}}){{1,5}}{_ENDED}"),  # 030 1234567
    re.compile(rf"(?<![A-Za-z0-9_])\({_D}{{2,5}}\)[ \-]?{_D}{{2,8}}(?:[ ./\-]{_D}{{2,8}}){{0,4}}{_ENDED}"),  # (0171)
    re.compile(rf"{_FREE}(?:1[-.])?[2-9]\d\d([-.])\d{{3}}\1\d{{4}}{_ENDED}"),  # 202-555-0143
    re.compile(  # a number of any form that the text calls a telephone number
        rf"(?:\b(?:tel|phone|telephone|mobile|fax|whatsapp)\b|電話|携帯)[^0-9\n\uff10-\uff19+]{{0,16}}"
        rf"(?P<n>\+?{_D}(?:{_GAP}{{0,2}}{_D}){{7,14}}){_ENDED}",
        re.IGNORECASE,
    ),
]
_YEAR = "(?:1[5-9]|20|21)[0-9]{2}"
_DATE = re.compile(
    rf"{_YEAR}[-./][0-9]{{1,2}}[-./][0-9]{{1,2}}|[0-9]{{1,2}}[-./][0-9]{{1,2}}[-./]{_YEAR}|^\({_YEAR}\)"
    r"|^(?:[0-9]{2}[-./][0-9]{2}[-./][0-9]{2})(?= )|[0-9]{2}\.[0-9]{2}\.? ?- ?[0-9]{2}\.[0-9]{2}"
)
_QUANTITY = re.compile(r"\+?[0-9]+\.[0-9]+|\+?[0-9]{1,3}(?:[ .\u00a0][0-9]{3})*[ .\u00a0]000")
_PAIRS = re.compile(r"[0-9]{2}(?: [0-9]{2}){3}")


def emails(text: str) -> Iterator[Hit]:
    """E-mail addresses outside the domains that are reserved for examples."""
    urls = [match.span() for match in _URL.finditer(text)]
    for match in _EMAIL.finditer(text):
        if not _reserved(match[1]) and not _within(match.start(), urls):
            yield match.start(), match[0]


def hosts(text: str) -> Iterator[Hit]:
    """Addresses on the net and host names outside the reserved domains. IP addresses have a search of their own."""
    taken = [match.span() for match in _EMAIL.finditer(text)]
    for match in _URL.finditer(text):
        taken.append(match.span())
        host = re.split(r"[/?#]", match[1])[0].rpartition("@")[2]
        host = host.partition(":")[0].rstrip(_STOPS)
        if "." in host and not host.startswith("[") and not _IP4.fullmatch(host) and not _reserved(host):
            yield match.start(), match[0].rstrip(_STOPS)
    for match in _HOST.finditer(text):
        if _is_host(match[0], match[2]) and not _reserved(match[0]) and not _within(match.start(), taken):
            yield match.start(), match[0]


def _is_host(name: str, end: str) -> bool:
    """Whether a name with dots is a host's, and no file, attribute, product or sentence without a space."""
    first, *others = name.lower().split(".")
    if first in _NO_STARTS or name.lower() in _NO_HOSTS:
        return False
    if len(others) > 1 and end in _COUNTRIES | _GENERAL | _WITH_THREE:
        return True
    return first == "www" or end in _GENERAL or (end in _COUNTRIES and len(first) > 2)


def addresses(text: str) -> Iterator[Hit]:
    """IP addresses outside the ranges kept for documentation and the machine itself."""
    for match in _IP4.finditer(text):
        if not _NUMBERED.search(text[: match.start()][-16:]) and _outside(match[0]):
            yield match.start(), match[0]
    for match in _IP6.finditer(text):
        groups = [group for group in match[0].split(":") if group]
        telling = len(groups) > 2 or any(len(group) > 2 for group in groups)  # not 1::2, a slice
        if telling and re.search("[0-9]", match[0]) and _outside(match[0]):
            yield match.start(), match[0]


def phones(text: str) -> Iterator[Hit]:
    """What looks like a telephone number: eight digits or more, international, or grouped as such numbers are."""
    end = 0
    for start, number, named in sorted(_numbers(text)):
        digits = re.sub(r"\D", "", number)
        counted = not named and (digits.startswith("00") or _PAIRS.fullmatch(number))
        if start >= end and len(digits) >= (10 if counted else 8) and not _no_phone(number):
            end = start + len(number)
            yield start, number


def _numbers(text: str) -> Iterator[tuple[int, str, bool]]:
    """Everything in a form that telephone numbers have: where, what, and whether the text calls it one."""
    for pattern in _PHONES:
        group: str | int = "n" if "n" in pattern.groupindex else 0
        for match in pattern.finditer(text):
            yield match.start(group), match[group], group == "n"


def _no_phone(number: str) -> bool:
    return bool(_DATE.search(number) or _QUANTITY.fullmatch(number) or _IP4.fullmatch(number))


def _reserved(host: str) -> bool:
    host = host.lower().rstrip(".")
    return any(host == name or host.endswith(f".{name}") for name in _RESERVED)


def _within(offset: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= offset < end for start, end in spans)


def _outside(written: str) -> bool:
    """Whether this is an IP address, and one that may be somebody's."""
    try:
        address = ipaddress.ip_address(written)
    except ValueError:
        return False
    return not any(address.version == net.version and address in net for net in _NOBODYS)


# What a hit of each search cannot do without, quick to look for: most texts have none of it. (A pattern that begins
# with one character is found ten times as fast as one that begins with a choice.)
_ENDING = re.compile(rf"\.(?:{'|'.join(sorted(_COUNTRIES | _GENERAL | _WITH_THREE))})(?![\w-])")
_DOTTED, _PAIRED = re.compile(r"\.[0-9]+\.[0-9]"), re.compile(":[0-9A-Fa-f]{0,4}:")
_DIGITS = re.compile(rf"{_D}(?:{_GAP}{{0,3}}{_D}){{6}}")
_SIGNS: dict[Callable[[str], Iterator[Hit]], Callable[[str], object]] = {
    emails: lambda text: "@" in text or "\uff20" in text,
    hosts: lambda text: "://" in text or "ww." in text.lower() or _ENDING.search(text),
    addresses: lambda text: _DOTTED.search(text) or _PAIRED.search(text),
    phones: _DIGITS.search,
}


def _findings(
    workspace: Workspace, code: str, search: Callable[[str], Iterator[Hit]], what: str, hint: str
) -> Iterator[Finding]:
    spots, sign = Spots(workspace), _SIGNS[search]
    for case in workspace.cases.values():
        for text in visible(case) if sign(case.text) else ():
            for start, hit in islice(search(text.value), _MOST):
                place = spots.at(text.place, text.value, start, len(hit))
                yield Finding(place, code, f"{shown(hit)} {what}", hint)


@rule("PP401", stage="family")
def email_address(workspace: Workspace) -> Iterator[Finding]:
    """No case holds an e-mail address that may be somebody's. Domains reserved for examples belong to nobody."""
    hint = "take one at example.com, example.org or example.net, or write `[withheld: address]`"
    yield from _findings(workspace, "PP401", emails, "may be somebody's e-mail address", hint)


@rule("PP402", stage="family")
def phone_number(workspace: Workspace) -> Iterator[Finding]:
    """No case holds what looks like a telephone number: a made-up one is often somebody's."""
    hint = "write `[withheld: phone number]`; a quantity is written like 41,200"
    yield from _findings(workspace, "PP402", phones, "looks like a telephone number", hint)


@rule("PP403", stage="family")
def ip_address(workspace: Workspace) -> Iterator[Finding]:
    """No case holds an IP address that may be somebody's. Some ranges are kept for documentation."""
    free = "192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24 or 2001:db8::/32"
    hint = f"take one from {free}, or write `[withheld: address]`"
    yield from _findings(workspace, "PP403", addresses, "is an IP address outside the ranges for documentation", hint)


@rule("PP404", stage="family")
def host_name(workspace: Workspace) -> Iterator[Finding]:
    """No case names a host or a web address that may be somebody's. Domains reserved for examples belong to nobody."""
    hint = "take a name under example.com, example.org, example.net or .example, or write `[withheld: host]`"
    yield from _findings(workspace, "PP404", hosts, "may be somebody's host", hint)
