"""What a whole talk tells of its changes."""

from bisect import bisect_left
from collections.abc import Iterable

from msgspec import Struct

from workers.core.topics.kept.heard import Speaker
from workers.core.topics.kept.sentence import Sentence


class Finished(Struct, frozen=True):
    """What a whole talk tells of its changes; all of one length."""

    captions: tuple[int, ...]
    """Numbers of those that the sentences begin in."""
    starts_s: tuple[float | None, ...]
    sentences: tuple[Sentence, ...]
    scores: tuple[float, ...]
    """Log-odds that the topic changes before each sentence; that of the first is 0."""
    pace_s: float
    """Seconds that a sentence takes, as at the end of the talk."""
    speakers: tuple[Speaker, ...]
    """Who has spoken, and how much."""

    def begins(self, places: Iterable[int]) -> list[int]:
        """Return the numbers of the captions that sentences begin in, each once."""
        return sorted({self.captions[place] for place in places})

    def places(self, captions: Iterable[int]) -> list[int]:
        """Return the places of the first sentences from each caption on."""
        return [bisect_left(self.captions, number) for number in captions]
