"""Where a partition stands: the record beside its states, in the same transaction."""

from typing import Final

import msgspec
from msgspec import Struct

from workers.delivery.exits import StateUnreadableError, UnknownStateVersionError

POSITION_KEY: Final = b"\xffposition"
"""No text has this key: 0xff is nowhere in UTF-8. Records that bring it are refused."""

POSITION_VERSION: Final = 1


class Position(Struct, frozen=True, kw_only=True):
    """How far a partition is decided; all that a turn was decided by is in it.

    So while the logs and the state topic are kept, each turn can be decided again, byte
    for byte: by the records between two positions in the order of `inbox.in_order`, the
    clock, and `caught_up`.
    """

    version: int = POSITION_VERSION
    next: dict[str, int] = {}
    """The next offset to read of each input Kafka topic."""
    clock_ms: int = 0
    """The time reached; never behind an earlier one."""
    caught_up: bool = False
    """Whether the turn that ended here took its time from the wall."""
    open: bool = False
    """Whether somebody is at work; true after a process ended without closing, and as
    long as those after it have not been past the turn in which it did."""


_ENCODE = msgspec.json.Encoder().encode
_DECODE = msgspec.json.Decoder(Position).decode


def encode_position(position: Position) -> bytes:
    """Return the record's value."""
    return _ENCODE(position)


def decode_position(data: bytes) -> Position:
    """Return the position in a record's value.

    Raises:
        UnknownStateVersionError: a newer worker wrote it.
        StateUnreadableError: it is no position at all.
    """
    try:
        position = _DECODE(data)
    except msgspec.MsgspecError as error:
        raise StateUnreadableError(f"position record: {error}") from error
    if position.version != POSITION_VERSION:
        raise UnknownStateVersionError(
            f"position record has version {position.version}, "
            f"this worker reads {POSITION_VERSION}"
        )
    return position
