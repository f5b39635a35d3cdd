"""A provider's sessions: a stream may outlive them, and in each the times begin anew.

A session is told apart by its name, by a message at its start, or, where the provider
gives neither, by times that fall back. Each one after the first raises ``epoch``.
"""

from msgspec import Struct
from msgspec.structs import replace

REMEMBERED = 8
"""Names; the messages of an older session do not come this late."""
LONGEST_NAME = 64
"""Code points kept of a name: those of providers are UUIDs."""
FALL_S = 5.0
"""A late or shorter final is not this far behind, and not at half the time."""


class Named(Struct, frozen=True, array_like=True):
    """A session that has a name."""

    name: str
    epoch: int


class Sessions(Struct, frozen=True, omit_defaults=True):
    """The sessions of a stream so far."""

    epoch: int = 0
    end_s: float = 0.0
    """The latest time heard in the newest session."""
    ended: bool = False
    """The newest session is over."""
    named: tuple[Named, ...] = ()


def named(sessions: Sessions, name: str | None) -> tuple[Sessions, int]:
    """Return the epoch of the session of that name; a new name raises it.

    What comes late from an older session keeps that one's epoch. No name: the newest.
    """
    if not name:
        return sessions, sessions.epoch
    name = name[:LONGEST_NAME]
    for known in sessions.named:
        if known.name == name:
            return sessions, known.epoch
    if sessions.named:
        sessions = raised(sessions)
    known = Named(name, sessions.epoch)
    return (
        replace(sessions, named=(*sessions.named, known)[-REMEMBERED:]),
        sessions.epoch,
    )


def begun(sessions: Sessions, name: str | None = None) -> Sessions:
    """Note that a session begins: the first, or one more if anything was said.

    Its name may be that of an earlier one: a client that connects again keeps it.
    """
    if sessions.ended or sessions.end_s:
        sessions = raised(sessions)
    if not name:
        return sessions
    own = Named(name[:LONGEST_NAME], sessions.epoch)
    rest = tuple(known for known in sessions.named if known.name != own.name)
    return replace(sessions, named=(*rest, own)[-REMEMBERED:])


def ended(sessions: Sessions) -> Sessions:
    """Note that the newest session is over; the stream may go on in another."""
    return replace(sessions, ended=True)


def heard(sessions: Sessions, end_s: float | None) -> Sessions:
    """Note a time; one that fell back, or after an end, is of a new session."""
    fell = end_s is not None and end_s < min(
        sessions.end_s - FALL_S, sessions.end_s / 2
    )
    if fell or sessions.ended:
        sessions = raised(sessions)
    if end_s is None or end_s <= sessions.end_s:
        return sessions
    return replace(sessions, end_s=end_s)


def raised(sessions: Sessions) -> Sessions:
    """Return the sessions with a new one."""
    return replace(sessions, epoch=sessions.epoch + 1, end_s=0.0, ended=False)
