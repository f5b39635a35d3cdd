"""The API as it is described, and the files it gives."""

import json
import re

import jsonschema
import pysubs2
import pytest
from openapi_spec_validator import validate
from starlette.routing import Mount

from tests.view.messages import (
    cue,
    ended,
    figures,
    final,
    revised,
    topic,
    updated,
    withdrawn,
)
from tests.view.served import Source, served
from workers.view.guards import Access
from workers.view.openapi import description
from workers.view.routes import application
from workers.view.sse import Clients
from workers.view.streams import Streams
from workers.view.viewed import Viewed

TALK = (
    topic("started", 1),
    topic("confirmed", 1, revision=1, label="evening"),
    updated(0, "Good"),
    final(0, "Good evening."),
    cue(0, "Good evening."),
    cue(0, "Guten Abend.", profile="bbc"),
    final(1, "Thank you, Anna."),
    cue(1, "Thank you, Anna."),
    topic("started", 2, first=2, label="ferries"),
    final(2, "It was a rough crossing."),
    cue(2, "It was a rough", "crossing."),
    updated(3, "So I", stable=2),
    figures(words_per_minute=181.5),
)


def described(name):
    schemas = description()["components"]
    return {"$ref": f"#/components/schemas/{name}", "components": schemas}


def test_the_description_is_openapi():
    validate(description())


def test_every_route_is_described_and_nothing_else_is():
    guards = application(
        Viewed(
            streams=Streams(1),
            reader=Source(),
            profiles={},
            access=Access(),
            max_clients=1,
        ),
        Clients(lambda: True),
    )
    routes = {
        re.sub(r":\w+", "", route.path)
        for route in guards._app.routes
        if not isinstance(route, Mount)
    }
    assert set(description()["paths"]) == routes - {"/"}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/streams", "StreamList"),
        ("/streams/island", "Stream"),
        ("/topics", "TopicList"),
        ("/topics?stream_id=island", "TopicList"),
        ("/streams/island/captions.json", "Transcript"),
        ("/ready", "Ready"),
        ("/live", "Live"),
        ("/nothing", "Problem"),
    ],
)
async def test_answers_are_as_they_are_described(path, name):
    async with served() as view:
        view.say(*TALK)
        _, _, body = await view.ask(path)
        jsonschema.validate(json.loads(body), described(name))


async def test_a_stream_is_told_with_its_topic_and_its_figures():
    async with served() as view:
        view.say(*TALK)
        told = json.loads((await view.ask("/streams/island"))[2])
        assert told["state"] == "live"
        assert told["captions"] == 3
        assert told["speakers"] == ["ANNA", "MAGNUS"]
        assert told["topic"]["label"] == "ferries"
        assert told["topic"]["state"] == "provisional"
        assert told["quality"]["words_per_minute"] == 181.5
        view.say(ended(end_s=15.5))
        told = json.loads((await view.ask("/streams/island"))[2])
        assert told["state"] == "ended"


async def test_streams_that_live_come_first_and_the_one_heard_last_before_others():
    async with served() as view:
        now_ms = view.streams.clock_ms()
        for age_ms, name in ((50_000, "quiet"), (1_000, "live"), (10, "over")):
            view.say(final(0, "so", stream=name), timestamp_ms=now_ms - age_ms)
        view.say(ended(stream="over"), timestamp_ms=now_ms)
        listed = json.loads((await view.ask("/streams"))[2])["streams"]
        assert [(one["stream_id"], one["state"]) for one in listed] == [
            ("live", "live"),
            ("quiet", "quiet"),
            ("over", "ended"),
        ]
        listed = json.loads((await view.ask("/streams?limit=1"))[2])["streams"]
        assert len(listed) == 1


async def test_subtitles_have_the_cues_of_the_profile_that_is_asked_for():
    async with served() as view:
        view.say(*TALK)
        for path, texts in (
            (
                "vtt",
                ["Good evening.", "Thank you, Anna.", "It was a rough\ncrossing."],
            ),
            (
                "srt",
                ["Good evening.", "Thank you, Anna.", "It was a rough\ncrossing."],
            ),
            ("vtt?profile=bbc", ["Guten Abend."]),
        ):
            body = (await view.ask(f"/streams/island/captions.{path}"))[2].decode()
            file = pysubs2.SSAFile.from_string(body, format_=path[:3])
            assert [event.plaintext for event in file] == texts


async def test_a_withdrawn_cue_and_caption_are_in_no_file():
    async with served() as view:
        view.say(*TALK, withdrawn(1), cue(1, withdrawn=True, revision=1))
        for path in ("vtt", "srt", "txt", "json"):
            body = (await view.ask(f"/streams/island/captions.{path}"))[2]
            assert b"Thank you" not in body


async def test_each_caption_is_told_with_the_topic_it_belongs_to_now():
    async with served() as view:
        view.say(*TALK, revised(0, "Good morning."))
        told = json.loads((await view.ask("/streams/island/captions.json"))[2])
        assert [
            (one["text"], one["final"], one["topic_id"]) for one in told["captions"]
        ] == [
            ("Good morning.", True, "0-0.t1"),
            ("Thank you, Anna.", True, "0-0.t1"),
            ("It was a rough crossing.", True, "0-0.t2"),
            ("So I", False, "0-0.t2"),
        ]
        view.say(topic("withdrawn", 2, first=2, revision=5))
        told = json.loads((await view.ask("/streams/island/captions.json"))[2])
        assert {one["topic_id"] for one in told["captions"]} == {"0-0.t1"}


async def test_only_topics_that_are_confirmed_are_chapters():
    async with served() as view:
        path = "/streams/island/chapters.vtt"
        view.say(updated(0, "Good"))
        assert (await view.ask(path))[2] == b"WEBVTT\n\n"
        view.say(*TALK, *(final(number, "And so on.") for number in range(4, 12)))
        view.say(topic("started", 3, first=6, label="lamps"))
        body = (await view.ask(path))[2].decode()
        assert "Evening" in body
        assert "Lamps" not in body
        view.say(topic("confirmed", 3, first=6, revision=1, label="lamps"))
        body = (await view.ask(path))[2].decode()
        assert "Lamps" in body


async def test_a_transcript_has_final_captions_only():
    async with served() as view:
        view.say(*TALK)
        body = (await view.ask("/streams/island/captions.txt"))[2].decode()
        assert "[00:00:00] ANNA: Good evening." in body
        assert "So I" not in body


async def test_a_download_is_named_after_its_stream_and_by_no_header_of_others():
    async with served() as view:
        name = 'a"; x=/../b\r\nSet-Cookie: c'
        view.say(final(0, "so", stream=name))
        path = "/streams/a%22%3B%20x%3D%2F..%2Fb%0D%0ASet-Cookie%3A%20c/captions.txt"
        status, answered, _ = await view.ask(f"{path}?download=1")
        assert status == 200
        assert answered["content-disposition"].startswith("attachment; filename=")
        assert "set-cookie" not in answered


async def test_a_segment_and_the_playlist_that_names_it_agree():
    async with served() as view:
        now_ms = view.streams.clock_ms()
        for number in range(10):
            view.say(
                final(number, f"caption {number}"),
                cue(number, f"caption {number}"),
                timestamp_ms=now_ms,
            )
        path = "/streams/island/hls/captions.m3u8?mpegts=900000&profile=web"
        body = (await view.ask(path))[2].decode()
        names = re.findall(r"^\d+\.vtt.*$", body, re.MULTILINE)
        # 39.5 s were spoken, of which the last eight are held back.
        assert names == [f"{n}.vtt?mpegts=900000&profile=web" for n in range(5)]
        for name in names:
            status, answered, body = await view.ask(f"/streams/island/hls/{name}")
            assert status == 200
            assert answered["content-type"].startswith("text/vtt")
            assert b"MPEGTS:900000" in body
        assert (await view.ask("/streams/island/hls/5.vtt"))[0] == 404
