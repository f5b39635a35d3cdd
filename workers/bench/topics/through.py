"""The same talk as a recogniser sends it, so that merging makes the sentences."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from schemas.codec import EVENT
from schemas.segment import CaptionSegment
from schemas.topics import TopicConfirmed
from workers.agents.merge import MergeRules
from workers.agents.offline import process
from workers.agents.topics import TopicRules
from workers.bench.topics.talks import TrueTalk
from workers.core.lives import CaptionRules
from workers.core.topics import TopicModel

_WORD_S = 0.35
_BREAK_S = 0.4
"""Where a talk has no times: between two utterances, too short to end a sentence."""


def through_process(
    talk: TrueTalk, model: TopicModel, language: str | None
) -> list[int]:
    """Return the changes that both agents find, as utterances of the talk.

    Each utterance is sent as one final segment. What merging makes of it may be a
    part of a sentence or several, so changes are told by their times.
    """
    segments = list(_segments(talk, language))
    # Where speakers overlap, times may fall back; messages are sent in order then too.
    starts = list(accumulate((one.start_s or 0.0 for one in segments), max))
    sent_s = accumulate((one.end_s or 0.0 for one in segments), max)
    told = process(
        zip((round(1000 * at_s) for at_s in sent_s), segments, strict=True),
        MergeRules(CaptionRules(profiles=()), "bench"),
        TopicRules(model, "bench"),
    )
    changes = set()
    for _, output in told:
        if not output.topic.endswith("topics.v1"):
            continue
        event = EVENT.decode(output.key, output.value)
        if isinstance(event, TopicConfirmed) and event.start_s is not None:
            changes.add(bisect_right(starts, event.start_s) - 1)
    return sorted(changes - {0, -1})


def _segments(talk: TrueTalk, language: str | None) -> Iterator[CaptionSegment]:
    clock_s = 0.0
    timed = all(
        one.start is not None and one.end is not None for one in talk.utterances
    )
    last = len(talk.utterances) - 1
    for place, one in enumerate(talk.utterances):
        start_s, end_s = clock_s, clock_s + _WORD_S * max(1, len(one.text.split()))
        if timed and one.start is not None and one.end is not None:
            start_s = max(0.0, one.start)
            end_s = max(start_s, one.end)
        clock_s = end_s + _BREAK_S
        yield CaptionSegment(
            stream_id="talk",
            text=one.text,
            is_final=True,
            start_s=round(start_s, 3),
            end_s=round(end_s, 3),
            segment_id=str(place),
            speaker=None if one.speaker is None else str(one.speaker),
            language=talk.language or language,
            end_of_stream=place == last,
        )
