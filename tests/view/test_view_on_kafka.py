"""The view as a process, on a real Kafka."""

import asyncio
import json
import socket
import urllib.error
import urllib.request
from http.client import HTTPConnection

import pytest

from schemas.codec import encode
from schemas.kafka_topics import full_name
from tests.view.messages import STREAM, TOPIC_OF, cue, final, topic, updated
from tests.view.process import view
from tests.view.sse import parse
from workers.app import connection, prepare
from workers.settings import Settings
from workers.view.positions import READ


class Kafka:
    """Writes messages as an agent does: each batch in a transaction."""

    def __init__(self, bootstrap, prefix) -> None:
        self.settings = Settings(broker=bootstrap, prefix=prefix, partitions=3)
        self.link = connection(self.settings)

    async def write(self, *messages, commit=True):
        producer = self.link.producer(transactional_id=f"{self.settings.prefix}-test")
        await producer.start()
        try:
            await producer.begin_transaction()
            for message in messages:
                name = full_name(self.settings.prefix, READ[TOPIC_OF[type(message)]])
                await producer.send_and_wait(
                    name,
                    encode(message),
                    key=message.stream_id.encode(),
                    partition=sum(message.stream_id.encode()) % 3,
                )
            if commit:
                await producer.commit_transaction()
            else:
                await producer.abort_transaction()
        finally:
            await producer.stop()

    async def write_raw(self, name, value):
        producer = self.link.producer()
        await producer.start()
        await producer.send_and_wait(f"{self.settings.prefix}.{name}", value, key=b"x")
        await producer.stop()


@pytest.fixture
async def written(kafka, request):
    prefix = f"view-{abs(hash(request.node.name)):x}"
    made = Kafka(kafka.bootstrap, prefix)
    await prepare(made.settings)
    return made


async def got(running, path, timeout_s=20):
    def get():
        with urllib.request.urlopen(f"{running.address}{path}", timeout=20) as answer:
            return json.loads(answer.read())

    async with asyncio.timeout(timeout_s):
        while True:
            try:
                return await asyncio.to_thread(get)
            except urllib.error.HTTPError as error:
                if error.code not in (404, 503):
                    raise
                error.close()
                await asyncio.sleep(0.1)


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


async def test_who_follows_at_the_end_is_told_so_and_the_log_has_nothing_to_tell(
    written, kafka
):
    await written.write(final(0, "Good evening."))
    with view(kafka.bootstrap, written.settings.prefix) as running:
        await got(running, f"streams/{STREAM}")

        def followed(version):
            connection = HTTPConnection("127.0.0.1", running.port, timeout=30)
            connection._http_vsn_str = f"HTTP/{version}"
            connection.request("GET", f"/streams/{STREAM}/events")
            return connection.getresponse()

        answers = [followed(version) for version in ("1.1", "1.0", "1.1")]
        lines = [answer.readline() for answer in answers]
        code, said = running.stop()
    assert all(lines)
    # Without the last chunk of an answer, to read it would fail.
    assert all(b"Good evening." in answer.read() for answer in answers)
    assert (code, said) == (0, "")


async def test_a_client_that_takes_nothing_does_not_hold_up_the_end(written, kafka):
    await written.write(*(final(number, "word " * 500) for number in range(200)))
    with view(kafka.bootstrap, written.settings.prefix) as running:
        await got(running, f"streams/{STREAM}")
        with socket.socket() as stalled:
            stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            stalled.connect(("127.0.0.1", running.port))
            stalled.sendall(
                f"GET /streams/{STREAM}/events HTTP/1.1\r\n"
                "Host: 127.0.0.1\r\n\r\n".encode()
            )
            await asyncio.sleep(1)  # until our memory and the kernel's are full
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
