"""What a check has found."""

from typing import Literal

from msgspec import Struct

Status = Literal["ok", "warning", "fault", "skipped"]


class Finding(Struct, frozen=True):
    """One thing that was looked at."""

    check: str
    """What was looked at, in a word."""
    status: Status
    said: str
    """How it is."""
    fix: str = ""
    """What to do; never empty of a warning or a fault."""


def ok(check: str, said: str) -> Finding:
    """Tell of what is as it should be."""
    return Finding(check, "ok", said)


def warning(check: str, said: str, fix: str) -> Finding:
    """Tell of what works, and will not always."""
    return Finding(check, "warning", said, fix)


def fault(check: str, said: str, fix: str) -> Finding:
    """Tell of what keeps the worker from its work."""
    return Finding(check, "fault", said, fix)


def skipped(check: str, why: str) -> Finding:
    """Tell of what could not be looked at, since something else is wrong."""
    return Finding(check, "skipped", why)
