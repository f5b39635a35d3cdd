"""The view as a process, on a real Kafka."""

import asyncio

from tests.view.messages import STREAM, cue, final, topic, updated
from tests.view.process import got, view
from tests.view.sse import parse


class Follower:
    """A client of server-sent events, over a socket."""

    def __init__(self, running, position=None) -> None:
        self._running = running
        self._position = position
        self.events = []

    async def __aenter__(self):
        self._reader, self._writer = await asyncio.open_connection(
            "127.0.0.1", self._running.port
        )
        asked = f"GET /streams/{STREAM}/events HTTP/1.0\r\nHost: localhost\r\n"
        if self._position is not None:
            asked += f"Last-Event-ID: {self._position}\r\n"
        self._writer.write(f"{asked}\r\n".encode())
        await self._reader.readuntil(b"\r\n\r\n")
        return self

    async def __aexit__(self, *_):
        self._writer.close()

    async def until(self, found):
        async with asyncio.timeout(20):
            while not any(map(found, self.events)):
                self.events += parse(await self._reader.readuntil(b"\n\n"))
        return self.events


def says(text):
    return lambda event: event.data.get("text") == text


async def test_what_is_committed_is_shown_and_what_is_aborted_never_is(written, kafka):
    await written.write(final(0, "Good evening."), cue(0, "Good evening."))
    await written.write(final(1, "Never said."), commit=False)
    await written.write_raw("captions.v1", b'{"type": "Nonsense"')
    with view(kafka.bootstrap, written.settings.prefix) as running:
        (stream,) = (await got(running, "streams"))["streams"]
        assert (stream["stream_id"], stream["captions"]) == (STREAM, 1)
        async with Follower(running) as client:
            await client.until(lambda event: event.kind == "live")
            await written.write(updated(2, "Never said either"), commit=False)
            await written.write(updated(2, "And"), topic("started", 1))
            await client.until(says("And"))
            texts = [event.data.get("text") for event in client.events]
        assert not [text for text in texts if text and "Never" in text]
        assert (await got(running, "ready"))["unreadable"] == 1
        code, said = running.stop()
        assert (code, said) == (0, "")


async def test_a_client_goes_on_at_another_process_without_loss_or_doubling(
    written, kafka
):
    await written.write(final(0, "one"), final(1, "two"))
    broker, prefix = kafka.bootstrap, written.settings.prefix
    with view(broker, prefix) as here, view(broker, prefix) as there:
        await got(there, f"streams/{STREAM}")
        async with Follower(here) as client:
            await client.until(lambda event: event.kind == "live")
            await written.write(final(2, "three"))
            seen = await client.until(says("three"))
        here.process.kill()
        await written.write(final(3, "four"), cue(3, "four"))
        async with Follower(there, position=seen[-1].id) as client:
            await written.write(final(4, "five"))
            more = await client.until(says("five"))
    texts = [event.data["text"] for event in (*seen, *more) if "text" in event.data]
    assert texts == ["one", "two", "three", "four", "five"]
    assert not [event for event in more if event.kind in ("gap", "snapshot")]


async def test_nothing_of_the_view_is_left_on_kafka(written, kafka):
    await written.write(final(0, "Good evening."))
    admin = written.link.admin()
    await admin.start()
    try:
        before = (set(await admin.list_topics()), await admin.list_consumer_groups())
        with view(kafka.bootstrap, written.settings.prefix) as running:
            await got(running, f"streams/{STREAM}")
        after = (set(await admin.list_topics()), await admin.list_consumer_groups())
    finally:
        await admin.close()
    assert after == before


async def test_reading_begins_as_far_back_as_is_set(written, kafka):
    await written.write(final(0, "long ago"))
    await asyncio.sleep(2)
    await written.write(final(1, "just now", stream="new"))
    with view(
        kafka.bootstrap,
        written.settings.prefix,
        CAPTION_VIEW_HISTORY_HOURS=str(1 / 3600),
    ) as running:
        await written.write(final(2, "now", stream="new"))
        await got(running, "streams/new")
        (stream,) = (await got(running, "streams"))["streams"]
    assert stream["stream_id"] == "new"
