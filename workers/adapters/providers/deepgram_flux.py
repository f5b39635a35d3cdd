"""Deepgram Flux (``/v2/listen``): ``TurnInfo``, each the whole turn up to now."""

from workers.adapters.providers.table import Row, Words, provider
from workers.adapters.providers.units import as_they_are

PROVIDER = provider(
    Row(
        name="deepgram-flux",
        title="Deepgram Flux",
        units=("seconds",),
        semantics="cumulative",
        maps="`turn_index` to `segment_id`; `EndOfTurn` to a final that ends its "
        "utterance (an `EagerEndOfTurn` may be taken back); words with confidence, and "
        "times where given; `sequence_id`; the first of `languages`; a new "
        "`request_id` to `epoch`",
        unknown="speakers; stability; when a turn ended, beyond the audio heard",
        times=float,
        seconds=as_they_are,
        speaks=(("type", ("TurnInfo",)),),
        text="transcript",
        is_final=("event", ("EndOfTurn",)),
        ends_utterance=("event", ("EndOfTurn",)),
        start="audio_window_start",
        end="audio_window_end",
        words=Words(
            items="words",
            text="word",
            start="start",
            end="end",
            confidence="confidence",
        ),
        segment_id="turn_index",
        sequence="sequence_id",
        session="request_id",
        language="languages",
    )
)
