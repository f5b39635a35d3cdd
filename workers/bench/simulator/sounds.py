"""What a recogniser hears beside the speech: echoes, and words in silence."""

from itertools import pairwise
from random import Random

from msgspec.structs import replace

from workers.bench.simulator.speech import Spoken, Talk, Utterance

HALLUCINATED = ("Thanks for watching.", "Thank you.", "Please subscribe.")
ECHO_S = 0.25
LONG_PAUSE_S = 1.2
"""Silence long enough to hear something in it."""


def echoed(talk: Talk, rng: Random, *, channel: str, share: float = 0.3) -> Talk:
    """Let some of what is said be heard on another channel too, a little later."""
    heard = [
        replace(
            said,
            channel=channel,
            speaker=None,
            words=tuple(
                replace(
                    word,
                    start_s=round(word.start_s + ECHO_S, 3),
                    end_s=round(word.end_s + ECHO_S, 3),
                )
                for word in said.words
            ),
        )
        for said in talk
        if rng.random() < share
    ]
    return _in_order((*talk, *heard))


def hallucinated(talk: Talk, rng: Random, *, share: float = 0.7) -> Talk:
    """Let phrases be heard in long pauses, where nobody speaks."""
    more: list[Utterance] = []
    for before, after in pairwise(talk):
        end_s = before.words[-1].end_s
        pause_s = after.words[0].start_s - end_s
        if pause_s > LONG_PAUSE_S and rng.random() < share:
            texts = rng.choice(HALLUCINATED).split()
            each_s = (pause_s - 0.4) / len(texts)
            start_s = end_s + 0.2
            words = tuple(
                Spoken(
                    text=text,
                    start_s=round(start_s + each_s * place, 3),
                    end_s=round(start_s + each_s * (place + 1), 3),
                )
                for place, text in enumerate(texts)
            )
            more.append(replace(before, words=words))
    return _in_order((*talk, *more))


def _in_order(talk: Talk) -> Talk:
    return tuple(sorted(talk, key=lambda said: said.words[0].start_s))
