"""What is packed in a batch of records, unpacked into a room of bounded size.

Kafka looks at the size of a batch as it is packed, and a few kilobytes may unpack to
gigabytes: zstd to 32,000 times as much.
"""

import struct
from typing import Final

import cramjam

_GZIP, _SNAPPY, _LZ4, _ZSTD = 1, 2, 3, 4
"""As Kafka numbers them."""
_XERIAL: Final = b"\x82SNAPPY\x00"
"""Begins what Java's library for snappy writes."""
_XERIAL_HEAD: Final = 16
_BLOCK: Final = struct.Struct(">i")


class TooLargeError(Exception):
    """It unpacks to more than there is room for."""


def unpack(codec: int, packed: memoryview, room: memoryview) -> int:
    """Unpack into *room*; return how much of it is filled.

    Raises:
        TooLargeError: there is more.
        Exception: it is not packed as its batch says.
    """
    if codec == _SNAPPY:
        return _unpack_snappy(packed, room)
    into = {_GZIP: cramjam.gzip, _LZ4: cramjam.lz4, _ZSTD: cramjam.zstd}
    if codec not in into:
        raise ValueError(f"compression {codec} is not known")
    try:
        size: int = into[codec].decompress_into(packed, room)
    except cramjam.DecompressionError as error:
        if "whole buffer" in str(error):
            raise TooLargeError from error
        raise
    return size


def _unpack_snappy(packed: memoryview, room: memoryview) -> int:
    """Unpack one block, or the blocks that Java's library makes."""
    if bytes(packed[: len(_XERIAL)]) != _XERIAL:
        return _snappy_block(packed, room)
    filled, at = 0, _XERIAL_HEAD
    while at < len(packed):
        (size,) = _BLOCK.unpack_from(packed, at)
        at += _BLOCK.size
        if not 0 < size <= len(packed) - at:
            raise ValueError("a block of snappy ends behind its batch")
        filled += _snappy_block(packed[at : at + size], room[filled:])
        at += size
    return filled


def _snappy_block(packed: memoryview, room: memoryview) -> int:
    # It says at its start what it unpacks to, and is held to that.
    if cramjam.snappy.decompress_raw_len(packed) > len(room):
        raise TooLargeError
    size: int = cramjam.snappy.decompress_raw_into(packed, room)
    return size
