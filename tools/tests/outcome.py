"""What a policy of a few safeguards comes to, for the tests of the resolver."""

from __future__ import annotations

from makers import ask, policy  # beside this file

from policy_preview.core import Labels, Safeguard
from policy_preview.resolve import resolve


def come(*safeguards: Safeguard, precedence: str = "", labels: Labels | None = None) -> str:
    """What a policy of these safeguards comes to on a plain request."""
    return str(resolve(policy(*safeguards, precedence=precedence), labels or ask()))
