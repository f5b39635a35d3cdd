"""Everything a step needs besides state and event; made once for a process."""

from typing import Final

from msgspec import convert, to_builtins

from workers.core.topics.language import Language
from workers.core.topics.lexicon import Lexicon
from workers.core.topics.settings import TopicSettings
from workers.core.topics.sums import SumsMemo
from workers.core.topics.weights import Weights, WeightsFile, Wording, wording_matrix

MIN_SENTENCES_PER_TOPIC: Final = 5
MAX_SENTENCES_PER_TOPIC: Final = 10_000


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
