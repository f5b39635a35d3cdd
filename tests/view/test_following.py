import asyncio
import json
import random

from hypothesis import given
from hypothesis import strategies as st

from schemas.segment import Word
from tests.view.messages import (
    STREAM,
    cue,
    ended,
    figures,
    final,
    records,
    revised,
    topic,
    updated,
    withdrawn,
)
from tests.view.sse import Client
from workers.view.positions import read
from workers.view.ring import Ring
from workers.view.streams import Streams

NAMES = ("caption_id", "cue_id", "topic_id")
CONTROL = {"snapshot", "live", "gap"}
MEMORY = 64 * 1024 * 1024

MESSAGES = st.lists(
    st.one_of(
        st.builds(updated, st.integers(0, 5), st.text(max_size=20)),
        st.builds(final, st.integers(0, 5), st.text(max_size=20)),
        st.builds(revised, st.integers(0, 5), st.text(max_size=20)),
        st.builds(withdrawn, st.integers(0, 5)),
        st.builds(cue, st.integers(0, 5), st.text(min_size=1, max_size=20)),
        st.builds(
            topic,
            st.sampled_from(["started", "confirmed", "labelled", "withdrawn"]),
            st.integers(1, 2),
        ),
        st.builds(figures, st.integers(0, 99)),
    ),
    min_size=1,
    max_size=40,
)


def interleaved(taken, seed):
    """Order records as another process may get them: each Kafka topic in its order."""
    queues = {}
    for record in taken:
        queues.setdefault(record.topic, []).append(record)
    chance = random.Random(seed)
    while queues:
        number = chance.choice(sorted(queues))
        yield queues[number].pop(0)
        if not queues[number]:
            del queues[number]


def streams_of(taken):
    streams = Streams(MEMORY)
    for record in taken:
        streams.take(record)
    streams.wake()
    return streams


def standing(events):
    """Return what a page shows after these events: by thing, its newest event."""
    shown = {}
    for event in events:
        if event.kind == "snapshot":
            shown = {}
        elif event.kind not in CONTROL:
            data = event.data
            name = next(
                (
                    data[key]
                    for key in ("caption_id", "cue_id", "topic_id")
                    if key in data
                ),
                ("figures", data.get("agent"), data.get("number")),
            )
            known = shown.get(name, {}).get("revision", 0)
            if event.kind in ("CaptionWithdrawn", "TopicWithdrawn"):
                shown.pop(name, None)
            elif data.get("revision", 0) >= known:
                shown[name] = data
    return shown


@given(MESSAGES, st.integers(0, 40))
def test_whoever_comes_late_sees_what_those_see_who_were_there_from_the_start(
    messages, at
):
    async def run():
        taken = list(records(messages))
        streams = streams_of(taken[:1])
        early = Client(streams.get(STREAM))
        early.read()
        for record in taken[1 : at + 1]:
            streams.take(record)
        streams.wake()
        late = Client(streams.get(STREAM))
        late.read()
        for record in taken[at + 1 :]:
            streams.take(record)
        streams.wake()
        early.read()
        late.read()
        assert standing(late.events) == standing(early.events)

    asyncio.run(run())


@given(MESSAGES, st.lists(st.integers(1, 5), min_size=1, max_size=6), st.integers())
def test_a_client_that_comes_back_anywhere_gets_each_event_once(messages, cuts, seed):
    async def run():
        taken = list(records([final(9, "begins it"), *messages]))
        here = streams_of(taken[:1])
        client = Client(here.get(STREAM))
        seen = client.read()
        position = seen[-1].id
        rest = taken[1:]
        for cut in cuts:
            for record in rest[:cut]:
                here.take(record)
            here.wake()
            rest = rest[cut:]
            came = Client(here.get(STREAM), position=read(position)).read()
            seen += came
            position = came[-1].id if came else position
        # The same records, read by another process in another order.
        there = streams_of(interleaved(taken, seed))
        seen += Client(there.get(STREAM), position=read(position)).read()
        assert [event.kind for event in seen if event.kind in CONTROL] == [
            "snapshot",
            "live",
        ]
        came = [event.data for event in seen if event.kind not in CONTROL]
        sent = [json.loads(record.value) for record in taken]
        assert sorted(map(str, came)) == sorted(map(str, sent))

    asyncio.run(run())


@given(st.integers(1, 30), st.integers(1, 8))
def test_a_client_that_is_too_slow_is_told_and_then_sees_all_that_stands(size, most):
    async def run():
        messages = [final(0, "first")]
        messages += [updated(number, f"text {number}") for number in range(1, size)]
        taken = list(records(messages))
        streams = streams_of(taken[:1])
        stream = streams.get(STREAM)
        stream.ring = Ring(max_frames=most)
        client = Client(stream)
        client.read()
        for record in taken[1:]:
            streams.take(record)
        streams.wake()
        came = client.read()
        missed = size - 1 > most
        assert ("gap" in [event.kind for event in came]) == missed
        assert len(standing(client.events)) == size

    asyncio.run(run())


async def test_a_client_that_was_away_too_long_is_told_before_it_begins_anew():
    streams = streams_of(records([final(0, "one"), final(1, "two"), final(2, "three")]))
    stream = streams.get(STREAM)
    stream.ring = Ring(max_frames=1)
    more = list(records([final(3, "four"), final(4, "five")], offsets={0: 3}))
    for record in more:
        streams.take(record)
    kinds = [event.kind for event in Client(stream, position=(3, 0, 0, 0, 0)).read()]
    assert kinds == ["gap", "snapshot", *["CaptionFinal"] * 5, "live"]


async def test_a_new_life_takes_what_was_shown_of_the_old_one_away():
    streams = streams_of(records([final(0, "old")]))
    client = Client(streams.get(STREAM))
    client.read()
    for record in records([final(0, "new", life="0-77")], offsets={0: 1}):
        streams.take(record)
    streams.wake()
    came = client.read()
    assert [event.kind for event in came] == ["snapshot", "CaptionFinal"]
    assert came[0].data["life"] == "0-77"
    late = Client(streams.get(STREAM)).read()
    assert [event.data["text"] for event in late if "text" in event.data] == ["new"]


async def test_what_an_agent_that_is_behind_says_of_an_old_life_is_not_shown():
    streams = streams_of(records([final(0, "new", life="0-77")]))
    client = Client(streams.get(STREAM))
    client.read()
    for record in records([topic("started", 1, life="0-3"), ended(life="0-3")]):
        streams.take(record)
    streams.wake()
    assert client.read() == []


async def test_only_the_kinds_that_are_asked_for_come():
    messages = [
        updated(0, "so"),
        cue(0, "so"),
        topic("started", 1),
        final(0, "so it is"),
    ]
    streams = streams_of(records(messages))
    client = Client(streams.get(STREAM), kinds={"CaptionFinal"})
    assert [event.kind for event in client.read()] == [
        "snapshot",
        "CaptionFinal",
        "live",
    ]
    for record in records([updated(1, "an"), final(1, "and"), cue(1, "and")]):
        streams.take(record)
    streams.wake()
    assert [event.kind for event in client.read()] == ["CaptionFinal"]


async def test_times_of_words_and_what_a_mask_hides_stay_on_kafka():
    spoken = (Word(text="d***", start_s=0.0, end_s=0.2),)
    masked = final(0, "d***", words=spoken, unmasked_text="darn")
    streams = streams_of(records([masked]))
    (event,) = [
        event
        for event in Client(streams.get(STREAM)).read()
        if event.kind == "CaptionFinal"
    ]
    assert event.data["words"] is None
    assert "darn" not in str(event.data)


async def test_a_stream_that_is_forgotten_lets_its_clients_go():
    streams = Streams(64 * 1024)
    for record in records([ended(), final(0, "of the old stream")]):
        streams.take(record)
    client = Client(streams.get(STREAM))
    client.read()
    for number in range(200):
        message = final(0, "x" * 500, stream=f"other-{number}", life=f"0-{number + 9}")
        for record in records([message], offsets={0: number + 2}):
            streams.take(record)
    assert streams.get(STREAM) is None
    assert streams.forgotten > 0
    assert client.read() == []
    assert client._waiting is None  # the response has ended
