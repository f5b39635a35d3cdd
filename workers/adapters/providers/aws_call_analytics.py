"""Amazon Transcribe Call Analytics: ``UtteranceEvent`` of an agent or a customer."""

from workers.adapters.providers.table import Row, Words, provider
from workers.adapters.providers.units import from_ms

PROVIDER = provider(
    Row(
        name="aws-call-analytics",
        title="Amazon Transcribe Call Analytics",
        units=("milliseconds",),
        semantics="replace",
        maps="`UtteranceId` to `segment_id`; `ParticipantRole` to channel and speaker; "
        "items to words with times, confidence and `Stable`; language",
        unknown="the end of an utterance, but for its final; its session (only times "
        "that fall back tell a new one); when it was sent",
        times=float,
        seconds=from_ms,
        speaks=(("UtteranceEvent.ParticipantRole", ("AGENT", "CUSTOMER")),),
        text="UtteranceEvent.Transcript",
        is_final=("UtteranceEvent.IsPartial", (False,)),
        start="UtteranceEvent.BeginOffsetMillis",
        end="UtteranceEvent.EndOffsetMillis",
        words=Words(
            items="UtteranceEvent.Items",
            text="Content",
            start="BeginOffsetMillis",
            end="EndOffsetMillis",
            confidence="Confidence",
            is_final="Stable",
        ),
        segment_id="UtteranceEvent.UtteranceId",
        channel="UtteranceEvent.ParticipantRole",
        speaker="UtteranceEvent.ParticipantRole",
        language="UtteranceEvent.LanguageCode",
    )
)
