"""The same talk as a recogniser sends it, so that merging makes the captions."""

from bisect import bisect_right
from itertools import accumulate

from msgspec.structs import replace

from schemas.codec import EVENT
from schemas.topics import TopicConfirmed
from workers.agents.merge import MergeRules
from workers.agents.offline import process
from workers.agents.topics import TopicRules
from workers.bench.topics.sending import Sending, starts
from workers.bench.topics.talks import TrueTalk
from workers.core.lives import CaptionRules
from workers.core.topics import TopicModel


def through_process(
    talk: TrueTalk, send: Sending, model: TopicModel, language: str | None
) -> list[int]:
    """Return the changes that both agents find, as utterances of the talk.

    What merging makes of an utterance may be a part of a sentence or several, so
    changes are told by their times.
    """
    sent = send(talk)
    segments = [
        replace(
            one,
            segment_id=str(place),
            language=talk.language or language,
            end_of_stream=place == len(sent) - 1,
        )
        for place, one in enumerate(sent)
    ]
    # Where speakers overlap, times may fall back; messages are sent in order then too.
    sent_s = accumulate((one.end_s or 0.0 for one in segments), max)
    told = process(
        zip((round(1000 * at_s) for at_s in sent_s), segments, strict=True),
        MergeRules(CaptionRules(profiles=()), "bench"),
        TopicRules(model, "bench"),
    )
    begins = starts(talk)
    changes = set()
    for _, output in told:
        if not output.topic.endswith("topics.v1"):
            continue
        event = EVENT.decode(output.key, output.value)
        if isinstance(event, TopicConfirmed) and event.start_s is not None:
            # Times are told to the millisecond.
            changes.add(bisect_right(begins, event.start_s + 0.002) - 1)
    return sorted(changes - {0, -1})
