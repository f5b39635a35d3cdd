"""Answers but for files: the page, streams and topics, what comes, who may look."""

import time
from pathlib import Path
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from workers.view import queries, summaries
from workers.view.following import follow
from workers.view.guards import COOKIE, cookie_of, knows
from workers.view.openapi import description
from workers.view.problems import ProblemError
from workers.view.sse import Clients, EventStream
from workers.view.viewed import Viewed

PAGE = Path(__file__).with_name("page")
LISTED = 200
LIST_S = 0.5
"""So long a list of streams is given to all who ask."""
MOST_LISTED = 10_000


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
        self._viewed.must_be_ready()
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
        one = self._viewed.stream(request)
        return _json(summaries.stream(one, self._streams.clock_ms()))

    async def topics(self, request: Request) -> Response:
        """List topics of all streams, or of one, the newest streams first."""
        self._viewed.must_be_ready()
        limit = queries.number(request, "limit", LISTED, 1, MOST_LISTED)
        only = request.query_params.get("stream_id")
        if only is not None:
            chosen = [self._viewed.named(only)]
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
        one = self._viewed.stream(request)
        kinds = queries.kinds(request)
        position = queries.position(request)
        if self._clients.count >= self._viewed.max_clients:
            raise ProblemError(
                503, "too many clients follow streams", {"Retry-After": "10"}
            )
        return EventStream(follow(one, kinds, position), self._clients)


def _json(value: Any, status: int = 200) -> Response:
    return _raw_json(orjson.dumps(value), status)


def _raw_json(body: bytes, status: int = 200) -> Response:
    return Response(
        body,
        status,
        headers={"Cache-Control": "no-store"},
        media_type="application/json",
    )
