"""A policy that changes another: the base with its changes applied, on raw data. Every clause keeps its own place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .core import Place
from .findings import Map, Nearest, Seq, place_of

NOT_INHERITED = frozenset({"in_force", "follows", "claims", "note", "provider"})
Problem = tuple[Place, str, str]  # where, what is wrong, what to do


def expand(overlay: Map, base: Map) -> tuple[Map, list[Problem]]:
    """`base` with what `overlay` says of its own and with its `changes`, in order; and what could not be applied.

    Neither argument is changed. All is inherited but in_force, follows, claims, note and provider. See spec/README.md.
    """
    result = Map(overlay.place)
    for source, skip in ((base, NOT_INHERITED), (overlay, {"based_on", "changes"})):
        for key, value in source.items():
            if key not in skip:
                result.put(key, value, source.at[key])
    problems: list[Problem] = []
    if isinstance(result.get("safeguards"), Seq):
        result.put("safeguards", _copy(result["safeguards"]), result.at["safeguards"])
    changes, nearest = overlay.get("changes"), Nearest()
    for index, change in enumerate(changes if isinstance(changes, Seq) else ()):
        if isinstance(change, Map):
            problems += _apply(result, change, place_of(overlay, ["changes", index]), nearest)
    return result, problems


def _copy(value: Any) -> Any:
    """The containers of a tree anew, its leaves and places shared."""
    if isinstance(value, Map):
        twin = Map(value.place)
        for key, item in value.items():
            twin.put(key, _copy(item), value.at[key])
        return twin
    if isinstance(value, Seq):
        other = Seq(value.place)
        other.extend(_copy(item) for item in value)
        other.put_at(value.place, list(value.at))
        return other
    return value


def _apply(policy: Map, change: Map, place: Place, nearest: Nearest) -> Iterator[Problem]:
    verbs = [verb for verb in ("replace", "add", "remove") if verb in change]
    if len(verbs) != 1:
        yield place, f"a change needs one of `replace`, `add` and `remove`, not {len(verbs)}", "split it, or name one"
        return
    verb = verbs[0]
    target, at = str(change[verb]), change.at[verb][1]
    if (verb == "remove") == ("with" in change):
        yield at, f"`{verb}` {'takes no' if verb == 'remove' else 'needs'} `with`", "`with` holds the new clause, whole"
        return
    if "before" in change and verb != "add":
        yield change.at["before"][0], f"`{verb}` takes no `before`", "only what `add` adds goes before something else"
        return
    parts = target.split(".")
    if len(parts) not in (1, 3) or (len(parts) == 3 and parts[1] not in ("rows", "effects")):
        yield at, f"`{target}` names no clause", "write SAFEGUARD, SAFEGUARD.rows.ROW or SAFEGUARD.effects.EFFECT"
        return
    holder, name, missing = policy.get("safeguards"), parts[0], ""
    if len(parts) == 3 and isinstance(holder, Seq):
        found = _find(holder, parts[0])
        holder, missing = (holder[found].get(parts[1]), "") if found is not None else (holder, parts[0])
        name = parts[2]
    if missing or not isinstance(holder, Seq):
        yield at, f"there is no safeguard `{parts[0]}` to change", nearest(parts[0], _ids(holder))
        return
    index = _find(holder, name)
    if (index is None) != (verb == "add"):
        problem = f"`{target}` is already there" if verb == "add" else f"there is no `{target}` to {verb}"
        yield at, problem, "use `replace`" if verb == "add" else nearest(name, _ids(holder))
        return
    yield from _write(holder, index, verb, name, change, nearest)


def _write(holder: Seq, index: int | None, verb: str, name: str, change: Map, nearest: Nearest) -> Iterator[Problem]:
    if verb == "remove" and index is not None:
        del holder[index], holder.at[index]
        return
    new = _copy(change["with"])
    where = change.at["with"][1]
    if isinstance(new, Map) and "id" not in new:
        new.put("id", name, (where, where))
    if isinstance(new, Map) and new["id"] != name:
        yield (
            new.at["id"][1],
            f"the new clause is called `{new['id']}`, not `{name}`",
            "leave `id` out, or name it alike",
        )
        return
    if index is not None:
        holder[index], holder.at[index] = new, where
        return
    spot = len(holder)
    if "before" in change:
        found = _find(holder, str(change["before"]))
        if found is None:
            hint = nearest(change["before"], _ids(holder))
            yield change.at["before"][1], f"there is no `{change['before']}` to go before", hint
            return
        spot = found
    holder.insert(spot, new)
    holder.at.insert(spot, where)


def _find(holder: Seq, name: str) -> int | None:
    """Where the clause called `name` stands."""
    for index, item in enumerate(holder):
        if (item.get("id") if isinstance(item, Map) else item) == name:
            return index
    return None


def _ids(holder: Any) -> list[str]:
    items = holder if isinstance(holder, Seq) else ()
    return [str(item.get("id") if isinstance(item, Map) else item) for item in items]
