"""What there is to see, and what of it a request asks for."""

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct
from starlette.requests import Request

from schemas.fields import MAX_ID_BYTES
from workers.core.cues.profiles import Profile
from workers.view.guards import Access
from workers.view.problems import ProblemError
from workers.view.streams import Stream, Streams


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

    def stream(self, request: Request) -> Stream:
        """Return the stream that a path names.

        Raises:
            ProblemError: It is not known, or nothing is yet.
        """
        return self.named(request.path_params["stream_id"])

    def named(self, stream_id: str) -> Stream:
        """Return a stream by its id.

        Raises:
            ProblemError: It is not known, or nothing is yet.
        """
        self.must_be_ready()
        if not 0 < len(stream_id.encode(errors="replace")) <= MAX_ID_BYTES:
            raise ProblemError(400, f"a stream id has 1 to {MAX_ID_BYTES} bytes")
        found = self.streams.get(stream_id)
        if found is None:
            raise ProblemError(
                404,
                "no such stream is known: it has not begun, or it is older than what "
                "is kept",
            )
        return found

    def must_be_ready(self) -> None:
        """Refuse to answer before the history has been read.

        Raises:
            ProblemError: It has not.
        """
        if not self.reader.ready:
            raise ProblemError(
                503, "the history is still being read", {"Retry-After": "1"}
            )

    def profile(self, request: Request) -> Profile:
        """Return the profile that is asked for, else the first.

        Raises:
            ProblemError: No cues are cut for it.
        """
        profiles = self.profiles
        name = request.query_params.get("profile") or next(iter(profiles))
        if name not in profiles:
            known = ", ".join(profiles)
            raise ProblemError(400, f"no cues are cut for that profile, only: {known}")
        return profiles[name]
