"""Recognisers that commit: finals, appended text, turns, windows, rolling lines."""

from itertools import pairwise
from random import Random
from typing import Any

from msgspec.structs import replace

from workers.bench.simulator.sending import Sent, segment
from workers.bench.simulator.speech import Talk, Utterance
from workers.bench.simulator.streaming import WRONG


def finals(talk: Talk, rng: Random, *, timed: bool = False) -> list[Sent]:
    """Send each utterance once, as a file or a slow Whisper does."""
    del rng
    return [
        segment(
            said, said.words, at_s=said.words[-1].end_s + 1, timed=timed, is_final=True
        )
        for said in talk
    ]


def appended(
    talk: Talk, rng: Random, *, guesses: bool = False, times: bool = True
) -> list[Sent]:
    """Send words as they are committed, each once (whisper_streaming, deltas).

    Args:
        talk: What is said.
        rng: Where it is cut.
        guesses: Deltas are interims till the last one of an utterance.
        times: Each piece has its own.
    """
    sent: list[Sent] = []
    for said in talk:
        cuts = sorted({0, len(said.words), *(_places(said, rng))})
        for first, end in pairwise(cuts):
            last = end == len(said.words)
            sent.append(
                segment(
                    said,
                    said.words[first:end],
                    at_s=said.words[end - 1].end_s + 0.7,
                    times=times,
                    mode="append",
                    is_final=last or not guesses,
                    end_of_utterance=last,
                )
            )
    return sent


def cumulative(
    talk: Talk,
    rng: Random,
    *,
    named: bool = False,
    times: bool = False,
    wrong: float = 0.2,
) -> list[Sent]:
    """Send the whole turn again and again (AssemblyAI, Flux), its end formatted."""
    sent: list[Sent] = []
    for number, said in enumerate(talk):
        named_as: dict[str, Any] = {"segment_id": f"turn{number}"} if named else {}
        for size in sorted({len(said.words), *(_places(said, rng))}):
            last = size == len(said.words)
            words = list(said.words[:size])
            if not last and rng.random() < wrong:
                words[-1] = replace(words[-1], text=WRONG)
            sent.append(
                segment(
                    said,
                    words,
                    at_s=words[-1].end_s + 0.4,
                    times=times,
                    mode="cumulative",
                    is_final=last,
                    end_of_utterance=last,
                    **named_as,
                )
            )
    return sent


def windows(
    talk: Talk,
    rng: Random,
    *,
    length_s: float = 6.0,
    hop_s: float = 4.0,
    timed: bool = False,
    tight: bool = True,
) -> list[Sent]:
    """Send overlapping windows of the sound, each a final (naive Whisper).

    Args:
        talk: What is said; of one speaker.
        rng: Not used: the clock decides.
        length_s: Of a window.
        hop_s: From the start of one to the next.
        timed: Words have times.
        tight: Start and end are those of the words, else those of the window.
    """
    del rng
    words = [word for said in talk for word in said.words]
    sent: list[Sent] = []
    start_s = 0.0
    while not sent or start_s + length_s - hop_s < words[-1].end_s:
        end_s = start_s + length_s
        heard = [w for w in words if w.start_s >= start_s and w.end_s <= end_s]
        if heard:
            times: dict[str, Any] = (
                {} if tight else {"start_s": start_s, "end_s": end_s}
            )
            sent.append(
                segment(
                    talk[0],
                    heard,
                    at_s=end_s + 0.5,
                    timed=timed,
                    is_final=True,
                    **times,
                )
            )
        start_s = round(start_s + hop_s, 3)
    return sent


def rolling(
    talk: Talk, rng: Random, *, lines: int = 2, named: bool = False
) -> list[Sent]:
    """Send the last lines again with each new one (WhisperLive, Vexa): each a segment.

    The newest grows as an interim; older ones are final and come again and again.
    """
    sent: list[Sent] = []
    for number, said in enumerate(talk):
        shown = talk[max(0, number - lines) : number]
        for size in sorted({len(said.words), *(_places(said, rng))}):
            at_s = said.words[size - 1].end_s + 0.4
            sent += [
                segment(old, old.words, at_s=at_s, is_final=True, **_name(back, named))
                for back, old in enumerate(shown, start=max(0, number - lines))
            ]
            sent.append(
                segment(said, said.words[:size], at_s=at_s, **_name(number, named))
            )
    last = talk[-1]
    sent.append(
        segment(
            last,
            last.words,
            at_s=last.words[-1].end_s + 1,
            is_final=True,
            **_name(len(talk) - 1, named),
        )
    )
    return sent


def carried_lines(talk: Talk, rng: Random) -> list[Sent]:
    """Send the line before and the new one as one final (rolling captions)."""
    del rng
    sent: list[Sent] = []
    for number, said in enumerate(talk):
        before = talk[number - 1].words if number else ()
        words = (*before, *said.words)
        sent.append(
            segment(said, words, at_s=said.words[-1].end_s + 0.5, is_final=True)
        )
    return sent


def _name(number: int, named: bool) -> dict[str, Any]:
    return {"segment_id": f"s{number}"} if named else {}


def _places(said: Utterance, rng: Random) -> list[int]:
    return [rng.randrange(1, len(said.words) + 1) for _ in range(rng.randrange(4))]
