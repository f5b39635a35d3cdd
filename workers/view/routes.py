"""What may be asked for, and what is answered."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar

import anyio
import orjson
from msgspec import Struct
from starlette.applications import Starlette
from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from schemas.fields import MAX_ID_BYTES
from workers.core.cues.profiles import Profile
from workers.exports.hls import MAX_MPEGTS, TARGET_S, segment
from workers.exports.latest import ExportError
from workers.view import exporting, queries, summaries
from workers.view.following import follow
from workers.view.guards import COOKIE, Access, Guards, cookie_of, knows
from workers.view.openapi import description
from workers.view.positions import written
from workers.view.problems import ProblemError, answer
from workers.view.sse import Clients, EventStream
from workers.view.streams import Stream, Streams

PAGE = Path(__file__).with_name("page")
NOT_FOUND = 404
LISTED = 200
LIST_S = 0.5
"""So long a list of streams is given to all who ask."""
MOST_LISTED = 10_000
VTT = "text/vtt"
M3U8 = "application/vnd.apple.mpegurl"

T = TypeVar("T")


class Source(Protocol):
    """Where streams come from, as far as it is told to clients."""

    @property
    def ready(self) -> bool:
        """All that was there at the start has been read."""

    @property
    def connected(self) -> bool:
        """More may come."""


class Viewed(Struct, frozen=True, kw_only=True):
    """What the answers are made of."""

    streams: Streams
    reader: Source
    profiles: Mapping[str, Profile]
    """Those that cues are cut for; the first is the default."""
    access: Access
    max_clients: int


class Answers:
    """Answers requests; each method is one route.

    Args:
        viewed: What there is to see.
        clients: Among whom those are counted who follow streams.
    """

    def __init__(self, viewed: Viewed, clients: Clients) -> None:
        self._viewed = viewed
        self._streams = viewed.streams
        self._clients = clients
        self._listed: dict[int, tuple[float, bytes]] = {}
        # Files are made in threads, so that nobody's captions wait for them; in few,
        # since all threads share one interpreter.
        self._threads = anyio.CapacityLimiter(2)

    async def page(self, request: Request) -> Response:  # noqa: ARG002  # a route's
        """Give the page itself."""
        return FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})

    async def live(self, request: Request) -> Response:  # noqa: ARG002  # a route's
        """Tell that this process answers."""
        return _json({"live": True, "reasons": []})

    async def ready(self, request: Request) -> Response:  # noqa: ARG002  # a route's
        """Tell whether captions come through, and if not, why."""
        reasons = []
        if not self._viewed.reader.ready:
            reasons.append("the history is still being read")
        if not self._viewed.reader.connected:
            reasons.append("Kafka does not answer")
        return _json(
            {
                "ready": not reasons,
                "reasons": reasons,
                "clients": self._clients.count,
                "unreadable": self._streams.unreadable,
                "forgotten": self._streams.forgotten,
            },
            503 if reasons else 200,
        )

    async def openapi(self, request: Request) -> Response:  # noqa: ARG002
        """Describe all of this."""
        return _json(description())

    async def session(self, request: Request) -> Response:
        """Give a browser a cookie for the token: links send no headers of ours."""
        token = self._viewed.access.token
        if token is None:
            return Response(status_code=204)
        kind, _, shown = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not knows(self._viewed.access, shown.strip()):
            raise ProblemError(
                401, "the token is missing or wrong", {"WWW-Authenticate": "Bearer"}
            )
        response = Response(status_code=204)
        response.set_cookie(
            COOKIE,
            cookie_of(token),
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return response

    async def streams(self, request: Request) -> Response:
        """List streams: those heard last come first, those that ended after them."""
        self._ready()
        limit = queries.number(request, "limit", LISTED, 1, MOST_LISTED)
        # Every page asks each few seconds, and all get the same.
        made_s, body = self._listed.get(limit, (-LIST_S, b""))
        if time.monotonic() - made_s >= LIST_S:
            body = self._list(limit)
            self._listed = {limit: (time.monotonic(), body)}
        return _raw_json(body)

    def _list(self, limit: int) -> bytes:
        now_ms = self._streams.clock_ms()
        newest = sorted(
            self._streams,
            key=lambda one: (one.history.ended is not None, -one.heard_ms),
        )[:limit]
        return orjson.dumps(
            {
                "streams": [summaries.stream(one, now_ms) for one in newest],
                "kafka": self._viewed.reader.connected,
            }
        )

    async def stream(self, request: Request) -> Response:
        """Tell of one stream."""
        one = self._stream(request)
        return _json(summaries.stream(one, self._streams.clock_ms()))

    async def topics(self, request: Request) -> Response:
        """List topics of all streams, or of one, the newest streams first."""
        self._ready()
        limit = queries.number(request, "limit", LISTED, 1, MOST_LISTED)
        only = request.query_params.get("stream_id")
        if only is not None:
            chosen = [self._named(only)]
        else:
            chosen = sorted(self._streams, key=lambda one: -one.heard_ms)
        listed: list[dict[str, Any]] = []
        for one in chosen:
            listed += summaries.topics(one)
            if len(listed) >= limit:
                break
        return _json({"topics": listed[:limit]})

    async def events(self, request: Request) -> Response:
        """Let a client follow a stream."""
        one = self._stream(request)
        kinds = queries.kinds(request)
        position = queries.position(request)
        if self._clients.count >= self._viewed.max_clients:
            raise ProblemError(
                503, "too many clients follow streams", {"Retry-After": "10"}
            )
        return EventStream(follow(one, kinds, position), self._clients)

    async def vtt(self, request: Request) -> Response:
        """Give the cues as WebVTT."""
        profile = self._profile(request)
        return await self._file(
            request, "vtt", VTT, lambda one: exporting.as_vtt(one, profile)
        )

    async def srt(self, request: Request) -> Response:
        """Give the cues as SubRip."""
        profile = self._profile(request)
        speakers = queries.yes(request, "speakers")
        return await self._file(
            request,
            "srt",
            "application/x-subrip",
            lambda one: exporting.as_srt(one, profile, speakers=speakers),
        )

    async def text(self, request: Request) -> Response:
        """Give the final captions as a transcript."""
        return await self._file(request, "txt", "text/plain", exporting.as_text)

    async def json(self, request: Request) -> Response:
        """Give captions and topics as they stand."""
        position = written(self._stream(request).position)
        return await self._file(
            request,
            "json",
            "application/json",
            lambda one: exporting.as_json(one, position),
        )

    async def chapters(self, request: Request) -> Response:
        """Give the topics as WebVTT chapters."""
        return await self._file(request, "chapters.vtt", VTT, exporting.as_chapters)

    async def playlist(self, request: Request) -> Response:
        """Give the HLS playlist of the captions."""
        history = self._stream(request).history
        self._profile(request)
        queries.number(request, "mpegts", 0, 0, MAX_MPEGTS)
        published_s = exporting.published_s(history, self._streams.clock_ms())
        history.published_s = max(history.published_s, published_s)
        text = exporting.hls_playlist(
            history,
            history.published_s,
            queries.passed_on(request, "profile", "mpegts"),
            from_start=request.query_params.get("from") == "start",
        )
        return Response(text, headers={"Cache-Control": "no-cache"}, media_type=M3U8)

    async def segment(self, request: Request) -> Response:
        """Give one HLS segment."""
        one = self._stream(request)
        profile = self._profile(request)
        mpegts = queries.number(request, "mpegts", 0, 0, MAX_MPEGTS)
        number = int(request.path_params["number"])
        history = one.history
        if history.ended is None:
            there = (number + 1) * TARGET_S <= history.published_s
        else:
            there = number * TARGET_S < (history.end_s or 0.0)
        if not there:
            raise ProblemError(404, f"segment {number} is not there (yet)")
        version, shown = history.shown.get(profile.name, (-1, []))
        if version != history.cues_version:
            still = exporting.still(one.stream_id, history)
            version = history.cues_version
            shown = await self._in_thread(lambda: exporting.on_screen(still, profile))
            history.shown[profile.name] = (version, shown)
        return Response(
            segment(shown, number, mpegts, profile),
            headers={"Cache-Control": "max-age=30"},
            media_type=VTT,
        )

    async def _file(
        self,
        request: Request,
        extension: str,
        media_type: str,
        make: Callable[[exporting.Still], str | bytes],
    ) -> Response:
        one = self._stream(request)
        still = exporting.still(one.stream_id, one.history)
        body = await self._in_thread(lambda: make(still))
        headers = {"Cache-Control": "no-cache"}
        if queries.yes(request, "download"):
            name = "".join(
                letter if letter.isascii() and letter.isalnum() else "-"
                for letter in one.stream_id
            )[:80]
            headers["Content-Disposition"] = (
                f'attachment; filename="{name}.{extension}"'
            )
        return Response(body, headers=headers, media_type=media_type)

    async def _in_thread(self, make: Callable[[], T]) -> T:
        try:
            return await anyio.to_thread.run_sync(make, limiter=self._threads)
        except ExportError as error:
            raise ProblemError(409, str(error)) from error

    def _stream(self, request: Request) -> Stream:
        return self._named(request.path_params["stream_id"])

    def _named(self, stream_id: str) -> Stream:
        self._ready()
        if not 0 < len(stream_id.encode(errors="replace")) <= MAX_ID_BYTES:
            raise ProblemError(400, f"a stream id has 1 to {MAX_ID_BYTES} bytes")
        found = self._streams.get(stream_id)
        if found is None:
            raise ProblemError(
                404,
                "no such stream is known: it has not begun, or it is older than what "
                "is kept",
            )
        return found

    def _ready(self) -> None:
        if not self._viewed.reader.ready:
            raise ProblemError(
                503, "the history is still being read", {"Retry-After": "1"}
            )

    def _profile(self, request: Request) -> Profile:
        profiles = self._viewed.profiles
        name = request.query_params.get("profile") or next(iter(profiles))
        if name not in profiles:
            known = ", ".join(profiles)
            raise ProblemError(400, f"no cues are cut for that profile, only: {known}")
        return profiles[name]


def _json(value: Any, status: int = 200) -> Response:
    return _raw_json(orjson.dumps(value), status)


def _raw_json(body: bytes, status: int = 200) -> Response:
    return Response(
        body,
        status,
        headers={"Cache-Control": "no-store"},
        media_type="application/json",
    )


async def _refused(request: Request, error: Exception) -> Response:  # noqa: ARG001
    assert isinstance(error, ProblemError)
    return answer(error)


async def _no_route(request: Request, error: Exception) -> Response:  # noqa: ARG001
    assert isinstance(error, HTTPException)
    said = "nothing is here" if error.status_code == NOT_FOUND else error.detail
    return answer(ProblemError(error.status_code, said, dict(error.headers or {})))


class _StreamId(Convertor[str]):
    """The name of a stream in a path: anything, slashes and line ends too."""

    regex = "(?s:.+)"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("stream", _StreamId())


def application(viewed: Viewed, clients: Clients) -> Guards:
    """Return the ASGI application, with its guards around it."""
    answers = Answers(viewed, clients)
    stream = "/streams/{stream_id:stream}"
    routes = [
        Route("/", answers.page),
        Route("/live", answers.live),
        Route("/ready", answers.ready),
        Route("/openapi.json", answers.openapi),
        Route("/session", answers.session, methods=["POST"]),
        Route("/streams", answers.streams),
        Route("/topics", answers.topics),
        Route(f"{stream}/events", answers.events),
        Route(f"{stream}/captions.vtt", answers.vtt),
        Route(f"{stream}/captions.srt", answers.srt),
        Route(f"{stream}/captions.txt", answers.text),
        Route(f"{stream}/captions.json", answers.json),
        Route(f"{stream}/chapters.vtt", answers.chapters),
        Route(f"{stream}/hls/captions.m3u8", answers.playlist),
        Route(f"{stream}/hls/{{number:int}}.vtt", answers.segment),
        Route(stream, answers.stream),
        Mount("/page", StaticFiles(directory=PAGE)),
    ]
    app = Starlette(
        routes=routes,
        exception_handlers={ProblemError: _refused, HTTPException: _no_route},
    )
    return Guards(app, viewed.access)
