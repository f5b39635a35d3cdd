"""What viewers have of a simulated stream, and when: drives captioning by seed."""

from collections.abc import Sequence

from msgspec import Struct, field

from schemas.captions import Caption
from schemas.segment import CaptionSegment
from workers.bench.simulator.contract import Contract
from workers.bench.simulator.sending import STREAM, Sent
from workers.core.captioning import deadline_ms, on_deadline, on_segment
from workers.core.lives import CaptionRules, StreamState
from workers.core.outputs import Noted, Output, Refused
from workers.exports.latest import captions as standing

ZERO_MS = 1_768_471_200_000
"""Kafka's clock when the stream begins."""


class Viewed(Struct):
    """All that was told, each with its moment, and what was wrong with it."""

    told: list[tuple[int, Output]] = field(default_factory=list)
    """Milliseconds since the stream began, and what."""
    states: list[StreamState] = field(default_factory=list)
    """After each segment, where they were asked for."""
    breaches: list[str] = field(default_factory=list)

    @property
    def outputs(self) -> list[Output]:
        """All that was told, in order."""
        return [output for _, output in self.told]

    def captions(self) -> list[Caption]:
        """Return the final captions that stand, in the order an export has them."""
        return standing(
            [one for one in self.outputs if not isinstance(one, Noted | Refused)]
        )


def viewed(
    sent: Sequence[Sent], rules: CaptionRules | None = None, *, states: bool = False
) -> Viewed:
    """Drive the rules through what was sent, deadlines between, then the end.

    Args:
        sent: In the order in which it arrives; at least one.
        rules: What is set.
        states: Keep the state after each segment.
    """
    rules = rules or CaptionRules()
    seen = Viewed()
    contract = Contract(breaches=seen.breaches)
    state: StreamState | None = None
    now_ms = ZERO_MS

    def take(outputs: Sequence[Output]) -> None:
        for output in outputs:
            seen.told.append((now_ms - ZERO_MS, output))
            contract.look(output)

    for offset, one in enumerate([*sent, _end(sent)]):
        until_ms = ZERO_MS + round(one.at_s * 1000)
        while state is not None and (due_ms := deadline_ms(state, rules)) <= until_ms:
            now_ms = max(now_ms, due_ms)
            state, outputs = on_deadline(state, now_ms, rules)
            take(outputs)
        now_ms = max(now_ms, until_ms)
        state, outputs = on_segment(
            state,
            one.segment,
            rules,
            place=f"0-{offset}",
            arrived_ms=now_ms,
            now_ms=now_ms,
        )
        take(outputs)
        if states:
            seen.states.append(state)
    contract.look_back()
    return seen


def _end(sent: Sequence[Sent]) -> Sent:
    last = CaptionSegment(
        stream_id=STREAM,
        text="",
        is_final=True,
        epoch=max(one.segment.epoch for one in sent),
        end_of_stream=True,
    )
    return Sent(at_s=sent[-1].at_s + 1, segment=last)
