"""The states that `bench states` measures, and the aims that it tells beside them."""

from statistics import median

import pytest

from workers.bench.sizes import MOST_BYTES, TALK, TYPICAL_BYTES, sizes_table
from workers.settings import Settings

WITHOUT_PAUSE = "breathless"
"""Each of its captions is as long as a caption may be; twenty are 5 kB of text."""


@pytest.fixture(scope="module")
def rows():
    return {row["recogniser"]: row for row in sizes_table(Settings()).records()}


def test_the_typical_state_is_less_than_four_kib(rows):
    """Of the demo's talk, and of every kind of recogniser of people who pause."""
    assert TYPICAL_BYTES == 4 * 1024
    assert TALK in rows
    assert median(row["bytes"] for row in rows.values()) <= TYPICAL_BYTES
    above = {name for name, row in rows.items() if row["bytes"] > TYPICAL_BYTES}
    assert above <= {WITHOUT_PAUSE}


def test_no_state_comes_near_the_bound(rows):
    assert MOST_BYTES == 64 * 1024
    assert max(row["most"] for row in rows.values()) <= MOST_BYTES / 6
