"""State in few bytes: MessagePack, packed by LZ4.

Half of a state is said more than once: a time is in a caption, its source and its cue,
a speaker in each caption. LZ4 finds that in the time it takes to write the state, and
undoes it in a tenth of that.
"""

import sys
from typing import Final

import cramjam
import msgspec

LARGEST: Final = 1_048_576
"""Unpacked; sixteen times what any state may have. What is said to be more is none."""
_SIZE_BYTES: Final = 4

to_msgpack = msgspec.msgpack.Encoder().encode


class PackingError(ValueError):
    """Bytes that were not packed here."""


def packed(data: bytes) -> bytes:
    """Return bytes in one LZ4 block, with their number before it."""
    return bytes(cramjam.lz4.compress_block(data))


def unpacked(data: bytes) -> bytes:
    """Return the bytes that were packed.

    Raises:
        PackingError: *data* is no such block, or one of more than ``LARGEST`` bytes.
    """
    size = int.from_bytes(data[:_SIZE_BYTES], "little")
    if len(data) <= _SIZE_BYTES or size > LARGEST:
        raise PackingError(f"{len(data)} bytes that would be {size}")
    try:
        found = bytes(cramjam.lz4.decompress_block(data))
    except cramjam.DecompressionError as error:
        raise PackingError(str(error)) from error
    if len(found) != size:
        raise PackingError(f"{len(found)} bytes, {size} were said")
    return found


def readable(data: bytes) -> bytes:
    """Return a packed state as JSON, for people to look at."""
    return msgspec.json.format(
        msgspec.json.encode(msgspec.msgpack.decode(unpacked(data)))
    )


if __name__ == "__main__":
    sys.stdout.buffer.write(readable(sys.stdin.buffer.read()) + b"\n")
