"""Everything a step needs besides state and event; made once for a process."""

from typing import Annotated

from msgspec import Meta, Struct, convert, to_builtins

from workers.core.topics.language import Language
from workers.core.topics.score import Weights, WeightsFile, Wording, wording_matrix
from workers.core.topics.sentence import Lexicon
from workers.core.topics.sums import SumsMemo


class TopicSettings(Struct, frozen=True, kw_only=True):
    """How finely a talk is divided."""

    sentences_per_topic: Annotated[int, Meta(ge=5, le=10_000)] = 100
    """About so many; 100 are nine minutes of a podcast."""
    minutes_per_topic: Annotated[float, Meta(ge=0.5, le=240)] | None = None
    """Stands above it: so long, by how fast this stream speaks."""
    remembered_streams: Annotated[int, Meta(ge=1)] = 4096
    """Streams whose sums stay in memory, about 150 kB each; beyond them a caption
    costs several times as much."""


MIN_SENTENCES_PER_TOPIC = 5
MAX_SENTENCES_PER_TOPIC = 10_000


class TopicModel:
    """Language, weights and settings, with memos that change no answer.

    Not for two threads at once: the memos are changed in place.

    Raises:
        ValueError: Settings or weights are not usable.
    """

    def __init__(
        self,
        language: Language,
        quick: WeightsFile,
        sure: WeightsFile,
        wording: Wording,
        settings: TopicSettings | None = None,
    ) -> None:
        self.language = language
        self.quick = Weights.of(quick, wording.bias)
        self.sure = Weights.of(sure, wording.bias)
        self.wording = wording_matrix(wording)
        self.settings = convert(to_builtins(settings or TopicSettings()), TopicSettings)
        self.lexicon = Lexicon(language)
        self.sums = SumsMemo(self.lexicon, streams=self.settings.remembered_streams)

    def sentences_per_topic(self, pace_s: float) -> int:
        """Return how long topics usually are where a sentence takes *pace_s*."""
        minutes = self.settings.minutes_per_topic
        if minutes is None:
            return self.settings.sentences_per_topic
        size = round(minutes * 60 / pace_s)
        return min(MAX_SENTENCES_PER_TOPIC, max(MIN_SENTENCES_PER_TOPIC, size))
