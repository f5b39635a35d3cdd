"""State of agent ``merge`` as it is written: what did not change, as it was before.

Most of a state is what is kept of closed captions and their cues. Each of them is
written again and again, dozens of times, and to go through its values took most of the
time: they lie all over memory.
"""

from typing import Any, Final

from msgspec import Raw
from msgspec.structs import astuple

from workers.agents.packing import to_msgpack
from workers.core.cues import CueState
from workers.core.figures import Figures
from workers.core.lives import Gravestone, Live, StreamState
from workers.core.merging import MergeState

_CLOSED: Final = MergeState.__struct_fields__.index("closed")
_CAPTIONS: Final = CueState.__struct_fields__.index("captions")
_BEFORE: Final = Figures.__struct_fields__.index("before")
_RECENT: Final = Figures.__struct_fields__.index("recent")

_LIVE: Final = Live.__struct_config__.tag


def written(state: StreamState) -> object:
    """Return a state as it is to be encoded, field by field."""
    if isinstance(state, Gravestone):
        return state
    merge: list[Any] = list(astuple(state.merge))
    merge[_CLOSED] = _part(state, "closed", state.merge.closed)
    cues = []
    for one in state.cues:
        fields: list[Any] = list(astuple(one))
        fields[_CAPTIONS] = _part(state, f"cues {one.profile}", one.captions)
        cues.append(fields)
    figures: list[Any] = list(astuple(state.figures))
    figures[_BEFORE] = _part(state, "before", state.figures.before)
    figures[_RECENT] = _part(state, "recent", state.figures.recent)
    life = (state.heard_ms, state.prints, state.started_ms)
    return (_LIVE, merge, cues, figures, *life)


def _part(live: Live, name: str, value: object) -> Raw:
    """Return a part of a state encoded, as before where it is the same."""
    parts: dict[str, tuple[object, Raw]] = live.memo.parts
    known = parts.get(name)
    if known is None or known[0] is not value:
        known = parts[name] = (value, Raw(to_msgpack(value)))
    return known[1]
