"""``watch``: which stream is shown, how it looks, and what it reads from Kafka."""

import asyncio
import subprocess
import sys
import uuid
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len
from rich.console import Console

from schemas.captions import StreamEnded
from schemas.codec import encode
from schemas.metrics import StreamMetrics
from tests.cli.demo_events import final, topic, updated
from workers.app import connection, prepare
from workers.cli.watch.following import follow, lags
from workers.cli.watch.screen import picture
from workers.cli.watch.streams import KEPT_STREAMS, KEPT_TOPICS, STAYS_S, Streams
from workers.settings import Settings


def of(stream, message):
    return replace(message, stream_id=stream)


def figures(stream, state, reason=""):
    return StreamMetrics(
        stream_id=stream,
        life="0-0",
        agent="merge",
        number=0,
        window_s=10.0,
        state=state,
        reason=reason,
    )


def ended(stream):
    return StreamEnded(
        stream_id=stream, life="0-0", reason="end_of_stream", captions=1, end_s=4.0
    )


def painted(streams, width, height):
    file = StringIO()
    console = Console(file=file, width=width, height=height, legacy_windows=False)
    console.print(picture(streams, width, height))
    return file.getvalue().splitlines()


def watched():
    streams = Streams()
    streams.lags = {"merge": 3, "topics": None}
    for message in (
        of("call-7", final(0, "We found fifty chicks.")),
        of("call-7", topic("started", 0)),
        of(
            "call-7",
            topic("labelled", 0, revision=1, label="puffins", keyphrases=("burrows",)),
        ),
        figures("call-7", "delayed", "words come 6.1 s after they are spoken"),
        of("call-8", updated(0, "and")),
    ):
        streams.take(message, 1.0)
    return streams


def test_caption_topic_lag_and_quality_of_a_stream_are_there():
    rows = painted(watched(), 100, 20)
    assert rows[0].split() == "caption-worker call-7 behind: merge 3, topics ?".split()
    assert rows[1].startswith("quality: ● delayed  words come 6.1 s")
    assert rows[2].startswith("topic:   puffins?  burrows")
    assert any("We found fifty chicks." in row for row in rows)
    assert rows[-1].startswith("2 live streams · 1 delayed · 1 new")


def test_a_stream_stays_while_it_has_news_and_gives_way_when_it_has_none():
    streams = Streams()
    streams.take(of("a", updated(0, "one")), 0.0)
    streams.take(of("b", updated(0, "two")), 1.0)
    assert streams.shown == "a"
    streams.take(of("b", updated(0, "two more")), STAYS_S + 0.1)
    assert streams.shown == "b"
    streams.take(ended("b"), STAYS_S + 0.2)
    streams.take(of("a", updated(0, "one more")), STAYS_S + 0.3)
    assert streams.shown == "a"


def test_of_a_stream_that_has_to_be_forgotten_nothing_is_shown_or_counted():
    streams = Streams()
    streams.take(of("a", updated(0, "one")), 0.0)
    streams.take(of("b", updated(0, "secret")), 20.0)
    assert streams.shown == "b"
    streams.forget("b")
    assert streams.shown == "a"
    assert streams.by_state() == {"new": 1}
    assert "secret" not in "".join(painted(streams, 80, 24))
    streams.forget("a")
    assert painted(streams, 80, 24)
    asked = Streams("b")
    asked.take(of("b", updated(0, "secret")), 0.0)
    asked.forget("b")
    assert asked.shown == "b"
    assert "secret" not in "".join(painted(asked, 80, 24))


def test_figures_alone_are_no_news():
    streams = Streams()
    streams.take(of("a", updated(0, "one")), 0.0)
    streams.take(figures("b", "ok"), STAYS_S + 5)
    assert streams.shown == "a"


def test_the_stream_that_was_asked_for_stays_whatever_others_say():
    streams = Streams("asked")
    streams.take(of("b", updated(0, "two")), 1.0)
    assert streams.shown == "asked"
    assert "asked" in painted(streams, 80, 24)[0]


def test_no_more_streams_and_topics_are_kept_than_can_be_shown():
    streams = Streams()
    for number in range(KEPT_STREAMS + 50):
        streams.take(of(f"s{number}", updated(0, "one")), float(number))
    assert len(streams.seen) == KEPT_STREAMS
    assert f"s{KEPT_STREAMS + 49}" in streams.seen
    for number in range(KEPT_TOPICS + 9):
        streams.take(of("s249", topic("started", number)), 0.0)
    assert len(streams.seen["s249"].scene.topics) == KEPT_TOPICS


HOSTILE = st.text("漢字🎉 é\u0301\t\n\x1b\u202e", max_size=60) | st.text(max_size=60)


@given(HOSTILE.filter(bool), HOSTILE, HOSTILE, st.integers(40, 120), st.integers(8, 40))
def test_whatever_is_said_the_picture_keeps_its_size(name, text, why, width, height):
    streams = Streams()
    streams.lags = {"merge": 1_234_567, "topics": 0}
    streams.take(of(name, updated(0, text)), 0.0)
    streams.take(of(name, topic("labelled", 0, label=text, keyphrases=(why,))), 0.0)
    streams.take(figures(name, "incomplete", why), 0.0)
    rows = painted(streams, width, height)
    assert len(rows) == height
    assert {cell_len(row) for row in rows} == {width}


@pytest.mark.parametrize("size", [(20, 5), (1, 1), (79, 3)])
def test_a_terminal_too_small_is_no_reason_to_fail(size):
    picture(watched(), *size)


async def test_what_came_before_is_read_and_what_comes_is_followed(kafka):
    prefix = f"watch-{uuid.uuid4().hex[:8]}"
    settings = Settings(broker=kafka.bootstrap, prefix=prefix, partitions=2)
    await prepare(settings)
    name = f"{prefix}.captions.v1"
    producer = connection(settings).producer()
    await producer.start()
    try:

        async def say(number, value=None):
            message = of("call-7", final(number, f"Sentence {number}."))
            await producer.send_and_wait(name, value or encode(message), b"call-7")

        for number in range(5):
            await say(number)
        found, forgotten = [], []
        looks = 0
        async for _ in follow(settings, found.append, forgotten.append, back=3):
            looks += 1
            if looks == 1:
                await say(5)
                await say(6, b"{")
                await producer.send_and_wait(name, None, b"call-7")
            if forgotten or looks > 200:
                break
        assert forgotten == ["call-7"]
        texts = [None if one is None else one.text for one in found]
        assert texts == [*(f"Sentence {number}." for number in (2, 3, 4, 5)), None]
        assert await lags(settings) == {"merge": None, "topics": None}
        done = await asyncio.to_thread(
            subprocess.run,
            [
                *(sys.executable, "-m", "workers", "watch", "--seconds", "0"),
                *("--broker", kafka.bootstrap, "--prefix", prefix),
            ],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == done.stderr == ""
    finally:
        await producer.stop()
