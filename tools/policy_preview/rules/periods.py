"""PP211 to PP215: when policies were in force. Windows are compared by their bounds: only what is sure is told."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from ..core import Policy, Window
from ..dates import before
from ..findings import Finding, Map, place_of, rule, shown
from ..workspace import Workspace
from .walk import each


@rule("PP211")
def period_reversed(workspace: Workspace) -> Iterator[Finding]:
    """A policy ends before it begins, or at the same instant; or a window closes before it opens."""

    def check(policy: Policy, data: Map) -> Iterator[Finding]:
        until = _stated(policy)
        for key, window in (("from", policy.start), ("until", until)):
            if window and before(window.before, window.after):
                message = f"{shown(window.before)} lies before {shown(window.after)}"
                related = ((place_of(data, ["in_force", key, "after"]), "the other end"),)
                place = place_of(data, ["in_force", key, "before"])
                yield Finding(place, "PP211", message, "swap the two ends of the window, or mend one", related)
                return
        if policy.start and until:
            start, end = policy.start.after, until.before
            if before(end, start) or (start == end and start == policy.start.before and end == until.after):
                message = f"the policy ends ({shown(end)}) no later than it begins ({shown(start)})"
                related = ((place_of(data, ["in_force", "from"]), "begins here"),)
                hint = "`until` is the first instant at which the policy no longer held"
                yield Finding(place_of(data, ["in_force", "until"]), "PP211", message, hint, related)

    return each(workspace, check)


@rule("PP212")
def follows_overlap(workspace: Workspace) -> Iterator[Finding]:
    """A policy begins while the one it follows is still in force, and takes its place.

    It takes its place where it speaks for all of its models and categories; else the two go on side by side.
    """
    for policy, old in followers(workspace):
        until = _stated(old)
        if policy.start and until and policy.ends(old) and before(policy.start.before, until.after):
            message = f"begins before {shown(old.id)}, which it follows, ends ({shown(until.after)})"
            related = ((place_of(workspace.raw[old.id], ["in_force", "until"]), "ends here"),)
            place = place_of(workspace.raw[policy.id], ["in_force", "from"])
            yield Finding(place, "PP212", message, "leave out that `until`, or mend one of the two dates", related)


@rule("PP213")
def follows_later(workspace: Workspace) -> Iterator[Finding]:
    """A policy follows one that begins later. `follows` names the policy that was in force before."""
    for policy, old in _all_followers(workspace):
        if _later(policy, old) and old.start:
            message = f"{shown(old.id)}, which this policy follows, begins later ({shown(old.start.after)})"
            related = ((place_of(workspace.raw[old.id], ["in_force", "from"]), "begins here"),)
            place = place_of(workspace.raw[policy.id], ["follows"])
            yield Finding(place, "PP213", message, "turn `follows` round, or mend a date", related)


def _stated(policy: Policy) -> Window | None:
    """The end that the policy itself gives, not what follows from the next one's beginning."""
    return policy.until if "until" in policy.data.get("in_force", {}) else None


def _later(policy: Policy, old: Policy) -> bool:
    """Whether `old` surely begins after `policy`."""
    return bool(policy.start and old.start and before(policy.start.before, old.start.after))


def followers(workspace: Workspace) -> Iterator[tuple[Policy, Policy]]:
    """Every policy that follows another, with that one, as far as their order makes sense."""
    return ((policy, old) for policy, old in _all_followers(workspace) if not _later(policy, old))


def _all_followers(workspace: Workspace) -> Iterator[tuple[Policy, Policy]]:
    for policy in workspace.policies.values():
        old = workspace.policies.get(policy.follows)
        if old and policy.id not in (earlier.id for earlier in _chain(workspace, old)):
            yield policy, old


def _chain(workspace: Workspace, policy: Policy) -> list[Policy]:
    """A policy, the one it follows, and so on; it ends where it would repeat itself."""
    found: dict[str, Policy] = {}
    here: Policy | None = policy
    while here and here.id not in found:
        found[here.id] = here
        here = workspace.policies.get(here.follows)
    return list(found.values())


@rule("PP214")
def follows_in_a_circle(workspace: Workspace) -> Iterator[Finding]:
    """Policies that follow each other in a circle, or one that follows itself: none of them could be the first."""
    told: set[str] = set()
    for policy in workspace.policies.values():
        circle = _chain(workspace, policy)
        if policy.id in told or circle[-1].follows != policy.id:
            continue
        told |= {member.id for member in circle}
        places = [place_of(workspace.raw[member.id], ["follows"]) for member in circle]
        others = ", ".join(shown(member.id) for member in circle[1:4]) + (" ..." if len(circle) > 4 else "")
        message = f"{shown(policy.id)} follows itself" + (f" by way of {others}" if others else "")
        hint = "name the policy that it replaced, and leave `follows` out of the first"
        yield Finding(places[0], "PP214", message, hint, tuple((place, "and this one") for place in places[1:6]))


@rule("PP215", severity="warning")
def two_in_force(workspace: Workspace) -> Iterator[Finding]:
    """Two policies of one provider for one model, surface and category are in force at once, and neither follows.

    A request would then have two policies. If one took the other's place, it says so under `follows`.
    """
    policies = [policy for policy in workspace.policies.values() if policy.status == "on-record" and policy.start]
    policies = [policy for policy in policies if not policy.follows or policy.follows in workspace.policies]
    policies.sort(key=lambda policy: (policy.start.first if policy.start else "", policy.id))
    chains = {policy.id: {earlier.id for earlier in _chain(workspace, policy)} for policy in policies}
    ends = {policy.id: _end(workspace, policy) for policy in policies}
    for one, other in combinations(policies, 2):
        if one.id in chains[other.id] or other.id in chains[one.id] or not _meet(one, other):
            continue
        if _begins_within(one, ends[other.id]) and _begins_within(other, ends[one.id]):
            message = f"{shown(one.id)} is in force at the same time for the same model, surface and category"
            place, first = (place_of(workspace.raw[name], ["in_force", "from"]) for name in (other.id, one.id))
            hint = "say which this one `follows`, or when the other ended"
            yield Finding(place, "PP215", message, hint, ((first, "begins here"),))


def _meet(one: Policy, other: Policy) -> bool:
    """Whether some request comes to both: one provider's model, surface and category, controls apart."""
    if one.provider != other.provider:
        return False
    models = set(one.subject) & set(other.subject) or "any" in (*one.subject, *other.subject)
    return bool(models and set(one.surfaces) & set(other.surfaces) and set(one.covers) & set(other.covers) - {"none"})


def _end(workspace: Workspace, policy: Policy) -> Window | None:
    """When a policy ended: by its own word, else where the first that follows it begins; None if it never did."""
    later = [other for other in workspace.policies.values() if other.follows == policy.id and other.ends(policy)]
    starts = [other.start for other in later if other.start and other.status == policy.status]
    return _stated(policy) or min(starts, key=lambda window: window.first, default=None)


def _begins_within(policy: Policy, end: Window | None) -> bool:
    """Whether `policy` surely begins before `end`."""
    return bool(policy.start and (end is None or before(policy.start.before, end.after)))
