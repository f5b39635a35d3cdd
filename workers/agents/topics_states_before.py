"""States of agent ``topics`` as version 4 wrote them: with less at the ends."""

from typing import Final

import msgspec
from msgspec.structs import replace

from workers.core.topic_lives import Enriching
from workers.core.topics.hearing import USUALLY_ANNOUNCED

_decode: Final = msgspec.json.Decoder(Enriching).decode


def read_version_4(data: bytes) -> Enriching:
    """Return the state that version 4 wrote.

    Nobody counted announcements, so there were as many as there usually are; else the
    next one would seem to be the first in hours.

    Raises:
        msgspec.MsgspecError: It is none.
    """
    state = _decode(data)
    topics = state.topics
    announced = round(USUALLY_ANNOUNCED * topics.count)
    hearing = replace(topics.hearing, announced=announced)
    return replace(state, topics=replace(topics, hearing=hearing))
