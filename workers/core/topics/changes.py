"""Changes of topic: found early as provisional, then confirmed or withdrawn."""

from typing import Final

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from schemas.fields import Message
from schemas.topics import (
    Evidence,
    TopicConfirmed,
    TopicStarted,
    TopicWithdrawn,
)
from workers.core.topics import decision
from workers.core.topics.evidence import every
from workers.core.topics.evidence.contrast import remembered_pairs
from workers.core.topics.evidence.similarities import History
from workers.core.topics.hearing import background
from workers.core.topics.kept.open_topic import OpenTopic, Verdict
from workers.core.topics.kept.picker import Picker
from workers.core.topics.kept.state import TopicState
from workers.core.topics.lifecycle import advance
from workers.core.topics.model import TopicModel
from workers.core.topics.naming import end_confirmed, find_return
from workers.core.topics.reasons import reasons
from workers.core.topics.score import contributions, probability
from workers.core.topics.sums import Sums
from workers.core.topics.weights import Weights

Found = tuple[TopicState, list[Message]]

_ONE: Final = decision.MIN_SENTENCES - 1
"""Changes so many sentences apart are one."""


def first_topic(state: TopicState, model: TopicModel) -> Found:
    """Start and confirm the topic that the first sentence begins."""
    verdict = Verdict(
        score=0.0,
        model=_model_name(model.sure, state, 0),
        evidence=(Evidence(name="start", detail="first caption", weight=0.0),),
        latency_s=_latency(state, state.openings[-1].start_s),
    )
    state, topic = _new_topic(state, 0, verdict)
    messages: list[Message] = []
    for kind in (TopicStarted, TopicConfirmed):
        topic, message = advance(
            topic, kind, stream_id=state.stream_id, life=state.life
        )
        messages.append(message)
    return replace(state, topics=(topic,)), messages


def find_provisional(state: TopicState, sums: Sums, model: TopicModel) -> Found:
    """Start a topic wherever a first look finds a change."""
    size = model.sentences_per_topic(state.hearing.pace_s)
    messages: list[Message] = []
    usual = background(state.hearing)
    while state.quick.next_gap + model.quick.look_ahead <= state.count:
        picker = _scored(state, state.quick, sums, model.quick, usual)
        state = replace(state, quick=picker)
        while state.quick.next_decision + decision.reach(size) < state.quick.next_gap:
            gap = state.quick.next_decision
            picker, changes = decision.decide(
                state.quick, state.topics[-1].gap, size, state.hearing.speakers
            )
            state = replace(state, quick=picker)
            if changes:
                verdict = _verdict(state, state.quick, sums, model.quick, gap)
                state, topic = _new_topic(state, gap, verdict)
                topic, message = advance(
                    topic, TopicStarted, stream_id=state.stream_id, life=state.life
                )
                state = replace(state, topics=(*state.topics, topic))
                messages.append(message)
    return state, messages


def score_gaps(
    state: TopicState, sums: Sums, model: TopicModel, needed: int
) -> tuple[TopicState, list[float]]:
    """Return the state with the scores of all gaps that can have one, and these.

    Args:
        state: The stream.
        sums: Of its kept sentences.
        model: Of this worker.
        needed: Sentences that must be there from a gap on; at most the look-ahead.
    """
    found: list[float] = []
    usual = background(state.hearing)
    while state.sure.next_gap + needed <= state.count:
        state = replace(state, sure=_scored(state, state.sure, sums, model.sure, usual))
        found += state.sure.scores[-1:]
    return state, found


def settle_changes(
    state: TopicState, sums: Sums, model: TopicModel, *, to_end: bool = False
) -> Found:
    """Confirm or withdraw what a second, longer look decides.

    Args:
        state: The stream.
        sums: Of its kept sentences.
        model: Of this worker.
        to_end: Nothing more will be heard: decide all, with what is there.
    """
    size = model.sentences_per_topic(state.hearing.pace_s)
    messages: list[Message] = []
    usual = background(state.hearing)
    needed = 1 if to_end else model.sure.look_ahead
    while state.sure.next_gap + needed <= state.count:
        state = replace(state, sure=_scored(state, state.sure, sums, model.sure, usual))
        reach = decision.reach(size)
        if to_end and state.sure.next_gap == state.count:
            reach = 0
        while state.sure.next_decision + reach < state.sure.next_gap:
            state, decided = _settle_one(state, sums, model, to_end=to_end)
            messages += decided
    if to_end:
        state, withdrawn = _withdraw(state, sums, model, state.topics[1:])
        messages += withdrawn
    return state, messages


def _settle_one(
    state: TopicState, sums: Sums, model: TopicModel, *, to_end: bool
) -> Found:
    """Decide the next gap for good."""
    gap = state.sure.next_decision
    size = model.sentences_per_topic(state.hearing.pace_s)
    picker, changes = decision.decide(
        state.sure, state.topics[0].gap, size, state.hearing.speakers
    )
    state = replace(state, sure=picker)
    near = [topic for topic in state.topics[1:] if abs(topic.gap - gap) <= _ONE]
    if changes and near:
        return _confirm(state, sums, model, min(near, key=lambda t: abs(t.gap - gap)))
    if changes and not (to_end and state.count - gap < decision.nearest(size)):
        return _confirm(state, sums, model, None)
    over = [
        topic
        for topic in state.topics[1:]
        if topic.gap <= gap and not _may_yet(state.sure, gap, topic.gap + _ONE)
    ]
    return _withdraw(state, sums, model, tuple(over))


def _may_yet(picker: Picker, gap: int, last: int) -> bool:
    """Tell whether a gap after *gap*, up to *last*, may yet be a change.

    It is no peak if the score of *gap*, its neighbour, is above its own.
    """
    here = decision.place_of(picker, gap)
    for place in range(here + 1, here + 1 + last - gap):
        if place >= len(picker.scores) or picker.scores[place] >= picker.scores[here]:
            return True
    return False


def _confirm(
    state: TopicState, sums: Sums, model: TopicModel, topic: OpenTopic | None
) -> Found:
    """Confirm a provisional topic, or one that was not seen coming."""
    messages: list[Message] = []
    decided = state.sure.next_decision - 1
    verdict = _verdict(state, state.sure, sums, model.sure, decided)
    if topic is None:
        state, topic = _new_topic(state, decided, verdict)
        topic, message = advance(
            topic, TopicStarted, stream_id=state.stream_id, life=state.life
        )
        messages.append(message)
    gap = topic.gap
    overtaken = tuple(other for other in state.topics[1:] if other.gap < gap)
    state, withdrawn = _withdraw(state, sums, model, overtaken)
    messages += withdrawn

    state, ended = end_confirmed(state, sums, model, gap, topic.start_s)
    latency_s = _latency(state, topic.start_s)
    topic = replace(
        topic,
        verdict=replace(verdict, latency_s=latency_s),
        returns_to=find_return(state, sums, gap),
    )
    topic, message = advance(
        topic, TopicConfirmed, stream_id=state.stream_id, life=state.life
    )
    later = tuple(other for other in state.topics if other.gap > gap)
    messages += (message, ended)
    return replace(state, topics=(topic, *later)), messages


def _withdraw(
    state: TopicState, sums: Sums, model: TopicModel, topics: tuple[OpenTopic, ...]
) -> Found:
    messages: list[Message] = []
    for topic in topics:
        verdict = _verdict(state, state.sure, sums, model.sure, topic.gap)
        _, message = advance(
            replace(topic, verdict=verdict),
            TopicWithdrawn,
            stream_id=state.stream_id,
            life=state.life,
        )
        messages.append(message)
    gone = {topic.number for topic in topics}
    kept = tuple(topic for topic in state.topics if topic.number not in gone)
    return (replace(state, topics=kept) if gone else state), messages


def _new_topic(
    state: TopicState, gap: int, verdict: Verdict
) -> tuple[TopicState, OpenTopic]:
    number = state.started + 1
    back = gap - state.count
    topic = OpenTopic(
        number=number,
        gap=gap,
        caption=state.sentences[back].number,
        start_s=state.openings[back].start_s,
        verdict=verdict,
    )
    return replace(state, started=number), topic


def _verdict(
    state: TopicState, picker: Picker, sums: Sums, weights: Weights, gap: int
) -> Verdict:
    place = decision.place_of(picker, gap)
    opening = every.opening_at(state.openings, state.count, gap)
    return Verdict(
        score=picker.scores[place],
        model=_model_name(weights, state, gap),
        evidence=reasons(
            picker.contributions[place], sums, state.sentences, state.openings, gap
        ),
        latency_s=_latency(state, opening.start_s),
        probability=probability(weights, picker.scores[place]),
    )


def _model_name(weights: Weights, state: TopicState, gap: int) -> str:
    opening = every.opening_at(state.openings, state.count, gap)
    return weights.name if opening.known_language else f"{weights.name}-unweighted"


def _latency(state: TopicState, start_s: float | None) -> float | None:
    heard_s = state.hearing.heard_s
    if start_s is None or heard_s is None:
        return None
    return round(max(0.0, heard_s - start_s), 3)


def _scored(
    state: TopicState,
    picker: Picker,
    sums: Sums,
    weights: Weights,
    usual: NDArray[np.float64],
) -> Picker:
    """Return the picker with the score of its next gap."""
    empty = (History(),) * len(remembered_pairs(weights.look_ahead))
    kinds, grown = every.values(
        sums,
        state.openings,
        picker.next_gap,
        weights.look_ahead,
        usual,
        picker.histories or empty,
    )
    opening = every.opening_at(state.openings, state.count, picker.next_gap)
    parts = contributions(weights, kinds, counted=opening.known_language)
    return decision.add_score(picker, parts, weights.bias + sum(parts), grown)
