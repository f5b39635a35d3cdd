"""What agent ``merge`` makes of a recording, all profiles at once."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from schemas.codec import EVENT, encode
from schemas.fields import Message
from schemas.segment import CaptionCorrection
from workers.adapters.recording import open_recording
from workers.agents.merge import MergeRules
from workers.agents.offline import OfflineAgent
from workers.core.cues import PROFILES, Profile
from workers.core.lives import CaptionRules
from workers.delivery.records import Output


def heard(
    path: Path, profiles: Iterable[Profile] = PROFILES.values()
) -> Iterator[Message]:
    """Yield all events of a recording, in the order of decision.

    Raises:
        RecordingError: The file cannot be used.
    """
    rules = MergeRules(CaptionRules(profiles=tuple(profiles)), "bench")
    agent = OfflineAgent(rules)
    for one in open_recording(path).segments:
        key, value = one.segment.stream_id.encode(), encode(one.segment)
        corrects = isinstance(one.segment, CaptionCorrection)
        said = Output(rules.corrections if corrects else rules.input, key, value)
        for _, output in agent.take(said, round(one.at_s * 1000)):
            if not output.topic.endswith("rejected.v1"):
                yield EVENT.decode(output.key, output.value)
