"""What a segment costs the rules does not grow: in steps of Python's interpreter."""

from msgspec.structs import replace

from workers.bench.load import segments
from workers.bench.profile import steps_by_subject
from workers.core.captioning import on_segment
from workers.core.lives import CaptionRules

SEGMENTS = 150
"""Of one stream: enough for kept captions, forgotten ones and a new epoch."""
NOISE = 1.02
"""Spellings are remembered by all streams together, and ids become longer."""
RULES = CaptionRules()


def decided(states, said, first_ms=1_000_000):
    for number, segment in enumerate(said):
        now_ms = first_ms + 300 * number
        states[segment.stream_id], _ = on_segment(
            states.get(segment.stream_id),
            segment,
            RULES,
            place="0-0",
            arrived_ms=now_ms,
            now_ms=now_ms,
        )


def steps_a_segment(states, said, first_ms=1_000_000):
    return steps_by_subject(lambda: decided(states, said, first_ms)).total() / len(said)


def test_a_segment_costs_as_much_with_many_live_streams_as_with_one():
    alone, many = ([*segments(SEGMENTS * count, count)] for count in (1, 8))
    decided({}, alone)
    cost = steps_a_segment({}, alone)
    assert cost / NOISE < steps_a_segment({}, many) < cost * NOISE


def test_a_segment_costs_as_much_late_in_a_long_stream_as_early():
    talk = [*segments(SEGMENTS, 1)]
    states, costs = {}, []
    for life in range(40):
        said = [replace(one, epoch=life) for one in talk]
        first_ms = 1_000_000 + life * SEGMENTS * 300
        if life in (8, 39):
            costs.append(steps_a_segment(states, said, first_ms))
        else:
            decided(states, said, first_ms)
    early, late = costs
    assert early / NOISE < late < early * NOISE


def test_a_guess_costs_no_more_for_all_that_was_said_before_it():
    guess = next(one for one in segments(20, 1) if not one.is_final)
    costs = []
    for sentences in (100, 1000):
        states = {}
        said = [
            replace(
                guess,
                text=f"Sentence number {number:04} is this.",
                segment_id=f"s{number:04}",
                start_s=2.0 * number,
                end_s=2.0 * number + 1,
                is_final=True,
            )
            for number in range(sentences)
        ]
        decided(states, said)
        last_s = 2.0 * sentences
        new = replace(guess, segment_id="new", start_s=last_s, end_s=last_s + 1)
        costs.append(steps_a_segment(states, [new] * 20, 1_000_000 + 300 * sentences))
    assert costs[1] < costs[0] * NOISE
