"""Amazon Live Call Analytics: ``ADD_TRANSCRIPT_SEGMENT`` of its Kinesis stream.

Its times are text. Of its channels only two are people; the others are what machines
add to a call.
"""

from workers.adapters.providers.table import Row, provider
from workers.adapters.providers.units import from_decimal

PROVIDER = provider(
    Row(
        name="lca",
        title="Amazon LCA",
        units=("decimal strings",),
        semantics="replace",
        maps="`SegmentId` to `segment_id`; `Channel` `CALLER` and `AGENT` to channel "
        "and speaker; `CreatedAt` to `emitted_at`; `END` to the end of the stream",
        unknown="words and their times; confidence; stability; language",
        times=float | str,
        seconds=from_decimal,
        speaks=(
            ("EventType", ("ADD_TRANSCRIPT_SEGMENT",)),
            ("Channel", ("CALLER", "AGENT")),
        ),
        text="Transcript",
        is_final=("IsPartial", (False,)),
        start="StartTime",
        end="EndTime",
        ends_stream=("EventType", ("END",)),
        segment_id="SegmentId",
        channel="Channel",
        speaker="Channel",
        emitted_at="CreatedAt",
    )
)
