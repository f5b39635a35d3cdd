"""What the view does of a stream that has to be forgotten."""

from hypothesis import given
from hypothesis import strategies as st

from tests.view.messages import STREAM, cue, figures, final, records
from tests.view.test_following import MEMORY, interleaved
from workers.view.positions import READ
from workers.view.streams import Record, Streams

OTHER = "other"


def tombstones(stream, offsets):
    """Return what the agents write on each Kafka topic, behind all that is there."""
    return [
        Record(number, 0, offsets.get(number, 0), 9_000_000, stream.encode(), None)
        for number in range(len(READ))
    ]


@given(st.integers(1, 12), st.integers())
def test_nothing_of_it_is_left_in_whatever_order_the_kafka_topics_are_read(size, seed):
    offsets = {}
    said = [
        one
        for number in range(size)
        for one in (
            final(number, "Good morning."),
            cue(number, "Good morning."),
            figures(number),
        )
    ]
    kept = [final(number, "Good night.", stream=OTHER) for number in range(size)]
    taken = [*records([*said, *kept], offsets=offsets), *tombstones(STREAM, offsets)]
    streams = Streams(MEMORY)
    for record in interleaved(taken, seed):
        streams.take(record)
    streams.wake()
    assert streams.get(STREAM) is None
    assert streams._bytes == streams.get(OTHER).bytes
    assert streams.unreadable == 0


async def test_its_clients_are_let_go_and_what_comes_later_is_shown():
    streams = Streams(MEMORY)
    offsets = {}
    for record in records([final(1, "Good morning.")], offsets=offsets):
        streams.take(record)
    before = streams.get(STREAM)
    for record in tombstones(STREAM, offsets):
        streams.take(record)
    assert before.forgotten
    offsets = {number: offset + 1 for number, offset in offsets.items()}
    for record in records([final(2, "Anew.", life="0-9")], offsets=offsets):
        streams.take(record)
    assert streams.get(STREAM).history.life == "0-9"
