"""States of agent ``merge`` as version 4 wrote them: JSON, with more names in it."""

import msgspec
from msgspec import Struct
from msgspec.structs import asdict

from workers.core.cues import CueState
from workers.core.figures import Figures
from workers.core.lives import Gravestone, Live, StreamState
from workers.core.merging import MergeState
from workers.core.merging.forgotten import with_words
from workers.core.merging.state import Channel, Closed, Suspect


class _Forgotten(Struct, array_like=True, gc=False):
    name: int
    words: int


class _Merge(Struct, array_like=True, gc=False):
    stream_id: str
    life: str
    next_number: int = 0
    channels: tuple[Channel, ...] = ()
    closed: tuple[Closed, ...] = ()
    forgotten_s: float | None = None
    forgotten: tuple[_Forgotten, ...] = ()
    epoch: int = 0
    offset_s: float = 0.0
    end_s: float = 0.0
    suspect: Suspect | None = None


class _Cues(CueState, frozen=True, array_like=False, gc=False):
    pass


class _Live(Struct, tag="live", gc=False):
    merge: _Merge
    cues: tuple[_Cues, ...]
    figures: Figures
    heard_ms: int
    prints: tuple[int, ...] = ()
    started_ms: int | None = None


class _Gone(Struct, tag="gone", gc=False):
    life: str
    ended_ms: int
    end_s: float
    prints: tuple[int, ...]
    started_ms: int | None = None


_decode = msgspec.json.Decoder(_Live | _Gone).decode


def read_version_4(data: bytes) -> StreamState:
    """Return the state that version 4 wrote.

    Raises:
        msgspec.MsgspecError: It is none.
    """
    state = _decode(data)
    if isinstance(state, _Gone):
        return Gravestone(**asdict(state))
    forgotten = {one.name: one.words for one in state.merge.forgotten}
    merge = asdict(state.merge) | {"forgotten": with_words(b"", forgotten)}
    cues = tuple([CueState(**asdict(one)) for one in state.cues])
    return Live(**asdict(state) | {"merge": MergeState(**merge), "cues": cues})
