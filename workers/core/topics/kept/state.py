"""What is kept of a stream between two events: at most 24 KiB as JSON."""

from msgspec import Struct

from workers.core.topics.kept.counted import Counts
from workers.core.topics.kept.earlier import Earlier
from workers.core.topics.kept.heard import Hearing
from workers.core.topics.kept.open_topic import OpenTopic
from workers.core.topics.kept.opening import Opening
from workers.core.topics.kept.picker import Picker
from workers.core.topics.kept.sentence import Sentence
from workers.core.topics.kept.utterance import Utterance

MAX_STATE_BYTES = 24 * 1024
"""Whatever comes in; each collection below has its own bound beside its class."""


class Told(Struct, frozen=True, array_like=True, omit_defaults=True):
    """The confirmed topic as far as its sentences are certain to be its own."""

    settled: int = 0
    """Index after the last such sentence."""
    counts: Counts = Counts()
    vector: bytes = b""
    """Summed sentence vectors, as in ``Hearing``."""
    mass: int = 0


class TopicState(Struct, frozen=True, array_like=True, omit_defaults=True):
    """One life of one stream, for topics.

    All else, vectors above all, is worked out from this and the model, so that a
    state that was written and read again goes on exactly as if it had not been.
    """

    stream_id: str
    life: str
    """The part of a ``caption_id`` before its last ``.c``."""
    count: int = 0
    """Sentences heard."""
    sentences: tuple[Sentence, ...] = ()
    """The newest, oldest first."""
    words_size: int = 0
    """Bytes of their words."""
    openings: tuple[Opening, ...] = ()
    """Of the newest few."""
    hearing: Hearing = Hearing()
    quick: Picker = Picker()
    """Finds provisional topics."""
    sure: Picker = Picker()
    """Confirms and withdraws."""
    topics: tuple[OpenTopic, ...] = ()
    """The confirmed one, then the provisional ones in their order."""
    started: int = 0
    """Topics so far."""
    told: Told = Told()
    earlier: Earlier = Earlier()
    ended: bool = False
    waiting: Utterance | None = None
    """Said, but perhaps no whole sentence yet; it counts once that is known."""
