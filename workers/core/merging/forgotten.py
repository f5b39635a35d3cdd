"""How many words of a segment are in captions that are no longer kept.

Packed, since a state has many of them and each is asked for rarely: a segment has six
bytes, its name as a CRC-32 and a count, the one forgotten last at the end.
"""

import struct
from typing import Final
from zlib import crc32

FORGOTTEN: Final = 64
"""Segments remembered whose captions are no longer kept."""
MOST_WORDS: Final = 0xFFFF
"""As many are counted at most: four times what a segment of 16 KiB can have, so that
whoever asks which of its words are forgotten learns the same."""

_ENTRY: Final = struct.Struct("<IH")
_SIZE: Final = _ENTRY.size
_NAME_SIZE: Final = 4


def name_of(owner: str) -> int:
    """Return what a segment is remembered by."""
    return crc32(owner.encode())


def words_of(forgotten: bytes, owner: str) -> int:
    """Count the forgotten words of a segment."""
    if not forgotten:
        return 0
    place = _place_of(forgotten, name_of(owner))
    return _count_at(forgotten, place) if place >= 0 else 0


def with_words(forgotten: bytes, words: dict[int, int]) -> bytes:
    """Remember more of it.

    Args:
        forgotten: What was there before.
        words: By the name of each segment, the one forgotten last at the end.
    """
    for name, more in words.items():
        count = more
        place = _place_of(forgotten, name)
        if place >= 0:
            count += _count_at(forgotten, place)
            forgotten = forgotten[:place] + forgotten[place + _SIZE :]
        forgotten += _ENTRY.pack(name, min(count, MOST_WORDS))
    return forgotten[-FORGOTTEN * _SIZE :]


def _place_of(forgotten: bytes, name: int) -> int:
    """Return where the entry of a segment begins, -1 where it has none."""
    data = name.to_bytes(_NAME_SIZE, "little")
    place = forgotten.find(data)
    # What begins elsewhere is the end of one entry and the beginning of the next.
    while place >= 0 and place % _SIZE:
        place = forgotten.find(data, place + 1)
    return place


def _count_at(forgotten: bytes, place: int) -> int:
    return int.from_bytes(forgotten[place + _NAME_SIZE : place + _SIZE], "little")
