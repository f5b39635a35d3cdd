"""Streams that died leave nothing, however many there were."""

import tracemalloc

from tests.agents.dead_streams import AT_ONCE, Worker


def test_what_is_remembered_does_not_grow_with_the_number_of_dead_streams():
    tracemalloc.start()
    try:
        worker = Worker()
        worker.live_through(3 * AT_ONCE)
        early = worker.left()
        worker.live_through(6 * AT_ONCE)
        late = worker.left()
        assert late.remembered == early.remembered <= AT_ONCE + 1
        assert late.heap <= 4 * AT_ONCE
        assert late.kib < early.kib + 64  # a kilobyte each, if they stayed: 360
        worker.be_quiet()
        assert worker.left().remembered == 0
        assert worker.compacted == set()
    finally:
        tracemalloc.stop()
