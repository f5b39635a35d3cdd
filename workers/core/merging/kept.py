"""The words of captions that are closed, with about the times they were spoken."""

from workers.core.merging.heard import Heard
from workers.core.merging.state import Closed, Source
from workers.core.merging.words import split, spread


def words_by_source(caption: Closed) -> list[tuple[Source, list[Heard]]]:
    """Return what each segment has in a caption; times are spread over its part."""
    texts, glued = split(caption.text)
    found = []
    first = 0
    for source in caption.sources:
        end = first + source.words
        here, joined = texts[first:end], glued[first:end]
        if source.start_s is None or source.end_s is None:
            words = [
                Heard(text, glued=near) for text, near in zip(here, joined, strict=True)
            ]
        else:
            words = list(spread(here, joined, source.start_s, source.end_s))
        found.append((source, words))
        first = end
    return found
