"""Gladia live: ``transcript`` messages, each an utterance with a name."""

from workers.adapters.providers.table import Row, Words, provider
from workers.adapters.providers.units import as_they_are

PROVIDER = provider(
    Row(
        name="gladia",
        title="Gladia",
        units=("seconds",),
        semantics="replace",
        maps="`data.id` to `segment_id`; words with times and confidence; channel; "
        "speaker; language; `created_at` to `emitted_at`; a new `session_id` to "
        "`epoch`",
        unknown="stability; the end of an utterance, but for its final",
        times=float,
        seconds=as_they_are,
        speaks=(("type", ("transcript",)),),
        text="data.utterance.text",
        is_final=("data.is_final", (True,)),
        start="data.utterance.start",
        end="data.utterance.end",
        words=Words(
            items="data.utterance.words",
            text="word",
            start="start",
            end="end",
            confidence="confidence",
        ),
        segment_id="data.id",
        session="session_id",
        channel="data.utterance.channel",
        speaker="data.utterance.speaker",
        language="data.utterance.language",
        confidence="data.utterance.confidence",
        emitted_at="created_at",
    )
)
