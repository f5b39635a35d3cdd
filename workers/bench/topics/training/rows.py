"""What there is to learn from: the features of every gap of a talk, and the truth."""

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from workers.bench.topics.hearing import LIFE, captions
from workers.bench.topics.talks import TrueTalk
from workers.core.topics import TopicModel, TopicState
from workers.core.topics.evidence import every
from workers.core.topics.evidence.contrast import remembered_pairs
from workers.core.topics.evidence.similarities import History
from workers.core.topics.hearing import background
from workers.core.topics.intake import take_in
from workers.core.topics.kept.heard import Speaker
from workers.core.topics.utterances import whole

Floats = NDArray[np.float64]

NEXT_DOOR = 2
"""Gaps so near a true change are neither right nor wrong, so they teach nothing."""
_CHANGES = 40.0
_OTHERS = 4000.0
"""What all changes, and all other gaps, of a set weigh: one change in a hundred gaps,
whatever the set is like."""
_FEW = 10
"""A set with fewer changes weighs less."""


class Rows(Struct, frozen=True, kw_only=True):
    """One talk, a row for each gap; gap 0 is the talk's beginning."""

    set: str
    talk: TrueTalk
    features: dict[int, Floats]
    """By look-ahead; the column ``wording`` is 0 until it is known."""
    vectors: NDArray[np.float32]
    """Of the sentences: before, at and after the gap, side by side."""
    changes: Floats
    """1 where the topic changes, else 0."""
    speakers: dict[int, list[tuple[Speaker, ...]]]
    """By look-ahead: who had spoken when each gap was scored."""


def rows(name: str, talk: TrueTalk, model: TopicModel, language: str | None) -> Rows:
    """Hear a talk and keep the evidence at each gap, as the live step sees it."""
    state = TopicState(stream_id="talk", life=LIFE)
    aheads = (model.quick.look_ahead, model.sure.look_ahead)
    histories = {ahead: (History(),) * len(remembered_pairs(ahead)) for ahead in aheads}
    kept: dict[int, list[list[float]]] = {ahead: [] for ahead in aheads}
    speakers: dict[int, list[tuple[Speaker, ...]]] = {ahead: [] for ahead in aheads}
    said = captions(talk, language)
    for number, caption in enumerate(said):
        state, sums = take_in(state, whole(caption, number), model)
        usual = background(state.hearing)
        last = state.count == len(said)
        for ahead in aheads:
            while len(kept[ahead]) + (1 if last else ahead) <= state.count:
                kinds, histories[ahead] = every.values(
                    sums,
                    state.openings,
                    len(kept[ahead]),
                    ahead,
                    usual,
                    histories[ahead],
                )
                kept[ahead].append([value for kind in kinds for value in kind])
                speakers[ahead].append(state.hearing.speakers)
    model.sums.forget(LIFE)
    own = np.array([model.language.sentence_vector(whole(one, 0).text) for one in said])
    none = np.zeros_like(own[:1])
    changes = np.zeros(len(said))
    changes[list(talk.boundaries)] = 1
    found = {ahead: np.array(kept[ahead]) for ahead in aheads}
    for ahead in aheads:
        found[ahead][:, wording_column(ahead)] = 0
    return Rows(
        set=name,
        talk=talk,
        features=found,
        vectors=np.hstack(
            [np.vstack([none, own[:-1]]), own, np.vstack([own[1:], none])]
        ),
        changes=changes,
        speakers=speakers,
    )


def feature_names(look_ahead: int) -> tuple[str, ...]:
    """Return the names of the columns."""
    return tuple(name for kind in every.names(look_ahead) for name in kind)


def wording_column(look_ahead: int) -> int:
    """Return the column of the feature ``wording``."""
    return feature_names(look_ahead).index("wording")


def weights(talks: Sequence[Rows]) -> list[Floats]:
    """Return what each gap of each talk weighs; the sum is the same for every set."""
    changes: dict[str, float] = {}
    gaps: dict[str, int] = {}
    for one in talks:
        changes[one.set] = changes.get(one.set, 0.0) + float(one.changes.sum())
        gaps[one.set] = gaps.get(one.set, 0) + len(one.changes)
    return [_weights(one, changes, gaps) for one in talks]


def _weights(
    one: Rows, changes: Mapping[str, float], gaps: Mapping[str, int]
) -> Floats:
    weigh = np.where(
        one.changes > 0,
        _CHANGES / max(_FEW, changes[one.set]),
        _OTHERS / gaps[one.set],
    )
    near = np.zeros(len(weigh), bool)
    for change in one.talk.boundaries:
        near[max(0, change - NEXT_DOOR) : change + NEXT_DOOR + 1] = True
    weigh[near & (one.changes == 0)] = 0
    weigh[0] = 0
    return weigh
