"""Doubts about what was recognised, each with its evidence: rule 10."""

from schemas.captions import Flag

LOOP = "repetition_loop"
LOOP_TIMES = 4
"""So often in a row is no way to talk; three times is ("no, no, no")."""
LOOP_SHARE = 0.6
"""Of the words of a caption, so that a stutter inside a long one is none."""
LONGEST_LOOP = 10
"""Words; recognisers loop over a phrase, not over a paragraph."""


def flags_of(text: str) -> tuple[Flag, ...]:
    """Return the doubts about a caption's text; nothing is dropped for them."""
    words = text.casefold().split()
    if len(words) < LOOP_TIMES:
        return ()
    loop = _loop([word.strip(".,!?;:…\"'") or word for word in words])
    return () if loop is None else (loop,)


def _loop(words: list[str]) -> Flag | None:
    """Find a phrase said over and over, the shortest first."""
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
