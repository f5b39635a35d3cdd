"""Recognisers that guess while they listen: interims, then a final."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from workers.bench.simulator.sending import Sent, segment
from workers.bench.simulator.speech import Spoken, Talk, Utterance

HEARD_AFTER_S = 0.3
"""From the end of a word to the first guess that can have it."""
FINAL_AFTER_S = 0.5
MOVABLE = 3
"""Words of a segment whose guesses may begin late."""
WRONG = "zzguess"
"""No word of any talk: a guess that stays in a caption is seen."""


class Traits(Struct, frozen=True, kw_only=True):
    """How a recogniser behaves; shares are 0 to 1 of its segments or guesses."""

    named: bool = True
    """It gives ``segment_id``."""
    counted: bool = False
    """It gives ``sequence``."""
    times: bool = True
    timed: bool = False
    """It gives the times of words."""
    padded: bool = False
    """Its segments begin where the one before ended, and end after a silence."""
    each_word: bool = False
    """It guesses after each word; else now and then."""
    wrong: float = 0.2
    """Guesses whose last word or two are wrong."""
    short: float = 0.0
    """Finals shorter than the last guess; the tail begins the next segment."""
    moved: float = 0.0
    """Segments whose guesses begin late, or that go on under a new start."""
    empty: float = 0.0
    """Finals without words after a guess that had all of them."""
    missing: float = 0.0
    """Guesses that had all words and never get a final."""
    ends: float = 1.0
    """Finals that say ``end_of_utterance`` where it is one."""


def streamed(talk: Talk, rng: Random, traits: Traits) -> list[Sent]:
    """Send a talk, one utterance after the other."""
    sent: list[Sent] = []
    pieces = list(_pieces(talk, rng, traits))
    until_s: dict[str | None, float] = {}
    free_s: dict[str | None, float] = {}
    for number, (said, words, tail) in enumerate(pieces):
        named: dict[str, Any] = {"segment_id": f"u{number}"} if traits.named else {}
        padding: dict[str, Any] = {}
        if traits.padded:
            padding["start_s"] = until_s.get(said.channel, 0.0)
            until_s[said.channel] = words[-1].end_s
        # Of one channel, nothing of a piece is sent before the final of the last one.
        after_s = free_s.get(said.channel, 0.0)
        sent += [
            replace(one, at_s=max(one.at_s, after_s))
            for one in (
                *_guesses(said, words, tail, rng, traits, named | padding),
                *_end(said, words, tail, rng, traits, named | padding),
            )
        ]
        free_s[said.channel] = sent[-1].at_s
    sent.sort(key=lambda one: one.at_s)
    if traits.counted:
        sent = [
            replace(one, segment=replace(one.segment, sequence=place))
            for place, one in enumerate(sent)
        ]
    return sent


def _pieces(
    talk: Talk, rng: Random, traits: Traits
) -> Iterator[tuple[Utterance, Sequence[Spoken], Sequence[Spoken]]]:
    """Yield the words of each final, with up to four that guesses have beyond them."""
    for said in talk:
        words = said.words
        while len(words) > 1 and rng.random() < traits.short:
            size = rng.randrange(1, len(words))
            yield said, words[:size], words[size : size + rng.randrange(1, 5)]
            words = words[size:]
        yield said, words, ()


def _guesses(
    said: Utterance,
    words: Sequence[Spoken],
    tail: Sequence[Spoken],
    rng: Random,
    traits: Traits,
    fields: dict[str, Any],
) -> Iterator[Sent]:
    """Yield guesses that grow; the last has all words, right, and the tail."""
    heard = [*words, *tail]
    sizes = sorted(rng.sample(range(1, len(heard) + 1), rng.randrange(len(heard)) // 2))
    if traits.each_word:
        sizes = list(range(1, len(heard)))
    skipped = 0
    if len(words) >= MOVABLE and rng.random() < traits.moved:
        skipped = rng.randrange(1, len(words) - 1)
    for size in [*sizes, len(heard)]:
        guess = list(heard[:size])
        last = size == len(heard)
        if not last and rng.random() < traits.wrong:
            for at in range(max(0, size - rng.choice([1, 1, 2])), size):
                guess[at] = replace(guess[at], text=WRONG)
        at_s = heard[size - 1].end_s + HEARD_AFTER_S
        # A boundary that moves: the first guesses lack the first words.
        guess = guess if last else guess[skipped:]
        if guess:
            more = fields
            if skipped and not last:
                more = {k: v for k, v in fields.items() if k != "start_s"}
            yield segment(
                said, guess, at_s=at_s, timed=traits.timed, times=traits.times, **more
            )


def _end(
    said: Utterance,
    words: Sequence[Spoken],
    tail: Sequence[Spoken],
    rng: Random,
    traits: Traits,
    fields: dict[str, Any],
) -> Iterator[Sent]:
    """Yield the final of a piece: soon after it, or after the tail was guessed."""
    fate = rng.random()
    if fate < traits.missing:
        return
    at_s = (*words, *tail)[-1].end_s + FINAL_AFTER_S
    ends = not tail and rng.random() < traits.ends
    if fate < traits.missing + traits.empty:
        times = {}
        if traits.times:
            times = {"start_s": words[0].start_s, "end_s": words[-1].end_s}
        yield segment(
            said,
            (),
            at_s=at_s,
            is_final=True,
            end_of_utterance=ends,
            **(times | fields),
        )
        return
    yield segment(
        said,
        words,
        at_s=at_s,
        timed=traits.timed,
        times=traits.times,
        is_final=True,
        end_of_utterance=ends,
        **fields,
    )
