"""Files of a stream: subtitles, a transcript, chapters, HLS."""

from collections.abc import Callable
from typing import TypeVar

import anyio
from starlette.requests import Request
from starlette.responses import Response

from workers.exports.hls import MAX_MPEGTS, TARGET_S, segment
from workers.exports.latest import ExportError
from workers.view import exporting, queries
from workers.view.positions import written
from workers.view.problems import ProblemError
from workers.view.viewed import Viewed

VTT = "text/vtt"
M3U8 = "application/vnd.apple.mpegurl"

T = TypeVar("T")


class Files:
    """Gives files; each method is one route.

    Args:
        viewed: What there is to see.
    """

    def __init__(self, viewed: Viewed) -> None:
        self._viewed = viewed
        # Files are made in threads, so that nobody's captions wait for them; in few,
        # since all threads share one interpreter.
        self._threads = anyio.CapacityLimiter(2)

    async def vtt(self, request: Request) -> Response:
        """Give the cues as WebVTT."""
        profile = self._viewed.profile(request)
        return await self._file(
            request, "vtt", VTT, lambda one: exporting.as_vtt(one, profile)
        )

    async def srt(self, request: Request) -> Response:
        """Give the cues as SubRip."""
        profile = self._viewed.profile(request)
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
        position = written(self._viewed.stream(request).position)
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
        history = self._viewed.stream(request).history
        self._viewed.profile(request)
        queries.number(request, "mpegts", 0, 0, MAX_MPEGTS)
        published_s = exporting.published_s(history, self._viewed.streams.clock_ms())
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
        one = self._viewed.stream(request)
        profile = self._viewed.profile(request)
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
        one = self._viewed.stream(request)
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
