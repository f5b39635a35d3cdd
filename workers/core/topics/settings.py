"""What may be set about topics."""

from typing import Annotated

from msgspec import Meta, Struct


class TopicSettings(Struct, frozen=True, kw_only=True):
    """How finely a talk is divided."""

    sentences_per_topic: Annotated[int, Meta(ge=5, le=10_000)] = 100
    """About so many; 100 are nine minutes of a podcast."""
    minutes_per_topic: Annotated[float, Meta(ge=0.5, le=240)] | None = None
    """Stands above it: so long, by how fast this stream speaks."""
    remembered_streams: Annotated[int, Meta(ge=1)] = 4096
    """Streams whose sums stay in memory, about 150 kB each; beyond them a caption
    costs several times as much."""
