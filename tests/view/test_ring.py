from hypothesis import given
from hypothesis import strategies as st

from workers.view.frames import Frame
from workers.view.ring import Ring

FRAMES = st.lists(
    st.tuples(st.integers(0, 4), st.binary(min_size=1, max_size=40)), max_size=60
)


def filled(frames, **bounds):
    ring = Ring(**bounds)
    offsets = [0] * 5
    for topic, data in frames:
        ring.append(Frame(topic, offsets[topic], "CaptionUpdated", data))
        offsets[topic] += 1
    return ring, offsets


@given(FRAMES, st.integers(1, 20), st.integers(1, 200))
def test_a_ring_stays_within_its_bounds_and_keeps_the_newest(frames, most, most_bytes):
    ring, _ = filled(frames, max_frames=most, max_bytes=most_bytes)
    kept = list(ring.since(ring.first))
    assert len(kept) <= most
    assert ring.bytes == sum(len(frame.data) for frame in kept)
    assert ring.bytes <= most_bytes or len(kept) == 1
    assert ring.next == len(frames)
    assert [frame.data for frame in kept] == [data for _, data in frames][ring.first :]


@given(FRAMES, st.integers(1, 20), st.data())
def test_a_position_is_covered_exactly_if_nothing_after_it_is_gone(frames, most, data):
    ring, offsets = filled(frames, max_frames=most)
    position = tuple(data.draw(st.integers(0, offset)) for offset in offsets)
    kept = {(frame.topic, frame.offset) for frame in ring.since(ring.first)}
    after = {
        (topic, offset)
        for topic, end in enumerate(offsets)
        for offset in range(position[topic], end)
    }
    assert ring.covers(position) == (after <= kept)
