"""Words of segments whose captions are no longer kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.core.merging.forgotten import (
    FORGOTTEN,
    MOST_WORDS,
    name_of,
    with_words,
    words_of,
)

OWNERS = [f"u{number}" for number in range(FORGOTTEN + 20)]
MORE = st.dictionaries(
    st.sampled_from(OWNERS), st.integers(1, 40_000), min_size=1, max_size=30
)


@given(st.lists(MORE, max_size=12))
def test_what_is_packed_is_what_a_plain_table_of_the_last_ones_would_have(said):
    packed, plain = b"", {}
    for more in said:
        packed = with_words(packed, {name_of(owner): n for owner, n in more.items()})
        for owner, count in more.items():
            plain[owner] = min(plain.pop(owner, 0) + count, MOST_WORDS)
        plain = dict([*plain.items()][-FORGOTTEN:])
    assert {owner: words_of(packed, owner) for owner in OWNERS} == {
        owner: plain.get(owner, 0) for owner in OWNERS
    }


@pytest.mark.parametrize("place", range(1, 6))
def test_a_name_that_lies_across_two_entries_is_nobodys(place):
    name = name_of("u7").to_bytes(4, "little")
    packed = bytes(place) + name + bytes(12 - place - len(name))
    assert name in packed
    assert words_of(packed, "u7") == 0
    assert words_of(with_words(packed, {name_of("u7"): 5}), "u7") == 5


ALIKE = ["plumless", "buckeroo"]
"""Two that have the same CRC-32, as it happens."""


def test_segments_of_one_name_are_taken_for_one():
    one, other = ALIKE
    assert name_of(one) == name_of(other)
    assert words_of(with_words(b"", {name_of(one): 3}), other) == 3
