"""What is refused: with a JSON problem, and without any other effect."""

import json
from urllib.parse import quote

import pytest

from tests.view.messages import cue, final
from tests.view.served import served

TOKEN = "correct horse battery staple"
LONG = "a" * 9000

REFUSED = {
    "a stream nobody knows": (404, "/streams/nobody/events", []),
    "a stream id that is too long": (400, f"/streams/{'a' * 257}", []),
    "a way out of the folder": (404, "/streams/%2e%2e%2f%2e%2e%2fetc/captions.vtt", []),
    "an id that is no UTF-8": (404, "/streams/%ff%fe/captions.json", []),
    "a path nobody knows": (404, "/admin", []),
    "a file that is not the page's": (404, "/page/../routes.py", []),
    "a file outside the page": (404, "/page/%2e%2e/routes.py", []),
    "a last event that is none": (
        400,
        "/streams/island/events",
        ["Last-Event-ID: <script>"],
    ),
    "a last event that is far too long": (
        400,
        "/streams/island/events",
        [f"Last-Event-ID: {'1-' * 2000}"],
    ),
    "kinds nobody knows": (400, "/streams/island/events?types=CaptionFinal,Rumour", []),
    "a profile without cues": (400, "/streams/island/captions.vtt?profile=netflix", []),
    "a number that is none": (400, "/streams?limit=many", []),
    "a number out of bounds": (400, "/streams?limit=0", []),
    "a number of many digits": (400, f"/streams?limit={'9' * 2000}", []),
    "a time beyond the clock": (
        400,
        "/streams/island/hls/captions.m3u8?mpegts=8589934592",
        [],
    ),
    "a time beyond the clock, behind many zeros": (
        400,
        f"/streams/island/hls/captions.m3u8?mpegts={'0' * 20}8589934592",
        [],
    ),
    "a segment that is not there yet": (404, "/streams/island/hls/7.vtt", []),
    "a query that is too long": (414, f"/streams?{'a' * 3000}", []),
    "a path that is too long": (414, f"/streams/{'a' * 5000}", []),
    "headers that are too long": (431, "/streams", [f"X: {LONG}"]),
    "headers that do not end": (431, "/streams", [f"X{n}: {LONG}" for n in range(40)]),
    "another name": (421, "/streams", ["Host: rebound.example"]),
    "no name": (421, "/streams", ["Host:"]),
    "another origin": (403, "/streams", ["Origin: http://evil.example"]),
    "another port of this host": (403, "/streams", ["Origin: http://127.0.0.1:1"]),
    "an origin that hides": (403, "/streams", ["Origin: null"]),
    "a script tag elsewhere": (
        403,
        "/streams",
        ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors"],
    ),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_request_that_cannot_be_answered_gets_a_problem_and_changes_nothing(
    name,
):
    status, path, headers = REFUSED[name]
    async with served() as view:
        view.say(final(0, "Good evening."), cue(0, "Good evening."))
        _, _, before = await view.ask("/streams/island/captions.json")
        got, answered, body = await view.ask(path, *headers)
        assert got == status
        assert answered["content-type"] == "application/problem+json"
        problem = json.loads(body)
        assert problem["status"] == status
        assert problem["detail"]
        _, _, after = await view.ask("/streams/island/captions.json")
        assert after == before


@pytest.mark.parametrize(
    "sent",
    [
        b"NONSENSE\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /streams HTTP/1.1\r\n" + b"a" * 70_000,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
async def test_what_is_no_request_at_all_gets_a_problem_too(sent):
    async with served() as view:
        status, answered, body = await view.send_raw(sent + b"\r\n\r\n")
        assert 400 <= status < 500
        assert answered["content-type"] == "application/problem+json"
        assert json.loads(body)["status"] == status


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_nothing_can_be_written(method):
    async with served() as view:
        view.say(final(0, "Good evening."))
        for path in ("/", "/streams", "/streams/island", "/streams/island/events"):
            status, _, body = await view.ask(path, method=method)
            assert status == 405
            assert json.loads(body)["status"] == 405


DATA = (
    "/streams",
    "/streams/island",
    "/streams/island/events",
    "/streams/island/captions.vtt",
    "/streams/island/hls/captions.m3u8",
    "/topics",
)


@pytest.mark.parametrize("path", DATA)
@pytest.mark.parametrize(
    "header",
    [
        "X: none",
        "Authorization: Bearer wrong",
        f"Authorization: Basic {TOKEN}",
        "Authorization: Bearer",
        f"Cookie: caption_view={TOKEN}",
        'Cookie: caption_view="; =',
    ],
)
async def test_without_the_token_nothing_of_a_stream_is_told(path, header):
    async with served(token=TOKEN) as view:
        view.say(final(0, "Good evening."))
        status, answered, body = await view.ask(path, header)
        assert status == 401
        assert answered["www-authenticate"] == "bearer"
        assert b"evening" not in body


async def test_the_token_opens_everything_and_so_does_the_cookie_it_is_changed_for():
    async with served(token=TOKEN) as view:
        view.say(final(0, "Good evening."))
        bearer = f"Authorization: Bearer {TOKEN}"
        assert (await view.ask("/streams", bearer))[0] == 200
        wrong = await view.ask("/session", "Authorization: Bearer x", method="POST")
        assert wrong[0] == 401
        status, answered, _ = await view.ask("/session", bearer, method="POST")
        assert status == 204
        cookie = answered["set-cookie"]
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert TOKEN not in cookie
        given = f"Cookie: {cookie.partition(';')[0]}"
        assert (await view.ask("/streams", given))[0] == 200


async def test_the_page_itself_is_open_since_nothing_is_on_it():
    async with served(token=TOKEN) as view:
        assert (await view.ask("/"))[0] == 200
        assert (await view.ask("/openapi.json"))[0] == 200


async def test_origins_that_are_set_may_ask_and_are_told_so_to_their_browser():
    origin = "https://player.example"
    async with served(token=TOKEN, origins=(origin,)) as view:
        view.say(final(0, "Good evening."))
        status, answered, _ = await view.ask(
            "/streams", f"Origin: {origin}", method="OPTIONS"
        )
        assert status == 204
        assert "authorization" in answered["access-control-allow-headers"]
        status, answered, _ = await view.ask(
            "/streams", f"Origin: {origin}", f"Authorization: Bearer {TOKEN}"
        )
        assert status == 200
        assert answered["access-control-allow-origin"] == origin
        assert answered["vary"] == "origin"
        assert (await view.ask("/streams", "Origin: https://other.example"))[0] == 403


async def test_every_answer_forbids_scripts_of_others_and_guessing_of_types():
    async with served() as view:
        view.say(final(0, "Good evening."))
        for path in ("/", "/streams", "/nothing", "/streams/island/captions.vtt"):
            _, answered, _ = await view.ask(path)
            policy = answered["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert answered["x-content-type-options"] == "nosniff"
            assert answered["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    "stream", ["a/b", "../../etc", "x/events", "%2F", "é 字", "a?b#c", "captions.vtt"]
)
async def test_any_name_of_a_stream_can_be_asked_for(stream):
    async with served() as view:
        view.say(final(0, "Good evening.", stream=stream))
        status, _, body = await view.ask(
            f"/streams/{quote(stream, safe='')}/captions.json"
        )
        assert status == 200
        assert json.loads(body)["stream_id"] == stream


async def test_while_the_history_is_read_clients_are_told_to_come_back():
    async with served() as view:
        view.say(final(0, "Good evening."))
        view.source.ready = False
        status, answered, _ = await view.ask("/streams")
        assert (status, answered["retry-after"]) == (503, "1")
        assert (await view.ask("/ready"))[0] == 503
        view.source.ready = True
        assert (await view.ask("/ready"))[0] == 200
        view.source.connected = False
        status, _, body = await view.ask("/ready")
        assert status == 503
        assert json.loads(body)["reasons"] == ["Kafka does not answer"]
        assert (await view.ask("/live"))[0] == 200
