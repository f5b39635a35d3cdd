"""A phrase that the recogniser says over and over: it is stuck."""

from typing import Final

from schemas.captions import Flag

LOOP: Final = "repetition_loop"
LOOP_TIMES: Final = 4
"""So often in a row is no way to talk; three times is ("no, no, no")."""
LOOP_SHARE: Final = 0.6
"""Of the words of a caption, so that a stutter inside a long one is none."""
LONGEST_LOOP: Final = 10
"""Words; recognisers loop over a phrase, not over a paragraph."""


def loop_in(text: str) -> Flag | None:
    """Find a phrase said over and over, the shortest first."""
    words = text.casefold().split()
    if len(words) < LOOP_TIMES:
        return None
    words = [word.strip(".,!?;:…\"'") or word for word in words]
    if len(set(words)) > len(words) / LOOP_TIMES + (1 - LOOP_SHARE) * len(words):
        # Even with nothing said twice outside a loop, these are too many.
        return None
    for size in range(1, min(LONGEST_LOOP, len(words) // LOOP_TIMES) + 1):
        same_run = longest = end = 0
        for place in range(size, len(words)):
            same_run = same_run + 1 if words[place] == words[place - size] else 0
            if same_run > longest:
                longest, end = same_run, place
        times = longest // size + 1
        if times >= LOOP_TIMES and longest + size >= LOOP_SHARE * len(words):
            phrase = " ".join(words[end - size + 1 : end + 1])
            return Flag(name=LOOP, evidence=f"{times} x '{phrase}'")
    return None
