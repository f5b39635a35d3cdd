"""The echo of another channel: one voice in two microphones."""

from collections import Counter
from difflib import SequenceMatcher
from statistics import median
from typing import Final

from schemas.captions import Caption, Flag
from workers.core.caption_ids import caption_id
from workers.core.merging import MergeState
from workers.core.merging.state import Closed
from workers.core.merging.words import same, split, spread
from workers.core.quality.said import Said

ECHO: Final = "echo"
ECHO_S: Final = 0.5
"""Media time between the same words on two channels, at most; echoes seen on a real
meeting were 0.2 to 0.3 s apart."""
LEAST_WORDS: Final = 3
"""Fewer may be two people who say "yes" at once."""
SAME_SHARE: Final = 0.8
"""Of the caption's words; two recognisers hear one voice with other mistakes."""


def echo_in(caption: Caption, place: int, state: MergeState) -> Flag | None:
    """Tell whether the words of a final caption were heard on another channel.

    Looked for in the closed captions that merging keeps, among those before it: so of
    two that are the same only the one closed later is flagged, and stays the one when
    either is revised. That is mostly, not always, the later one in media time.

    Args:
        caption: With the times of its words, or with its own.
        place: Where it is among the closed captions.
        state: The stream, with that caption closed.

    Returns:
        A flag whose evidence names the other caption; None without times or channels.
    """
    start_s, end_s = caption.start_s, caption.end_s
    if start_s is None or end_s is None or len(state.channels) <= 1:
        return None
    others: dict[str | None, list[Closed]] = {}
    for other in state.closed[:place]:
        if (
            other.channel != caption.channel
            and other.start_s is not None
            and other.end_s is not None
            and other.start_s < end_s
            and other.end_s > start_s
        ):
            others.setdefault(other.channel, []).append(other)
    if not others:
        return None
    mine = _said(caption, 0)
    for channel, captions in others.items():
        theirs = [said for one in captions for said in _said(one, one.number)]
        pairs = _pairs(mine, theirs)
        if len(pairs) < max(LEAST_WORDS, SAME_SHARE * len(mine)):
            continue
        apart_s = median(one.start_s - other.start_s for one, other in pairs)
        if abs(apart_s) <= ECHO_S:
            number = Counter(other.number for _, other in pairs).most_common(1)[0][0]
            where = "" if channel is None else f" on channel '{channel}'"
            return Flag(
                name=ECHO,
                evidence=f"{len(pairs)} of {len(mine)} words as in caption"
                f" {caption_id(state.life, number)}{where},"
                f" {abs(apart_s):.2f} s {'after' if apart_s >= 0 else 'before'} them",
            )
    return None


def _said(caption: Caption | Closed, number: int) -> list[Said]:
    """Return the words with their starts: the provider's, or spread over the time."""
    if isinstance(caption, Caption) and caption.words is not None:
        given = [
            Said(same(word.text), word.start_s, number)
            for word in caption.words
            if word.start_s is not None
        ]
        if len(given) == len(caption.words):
            return given
    texts, glued = split(caption.text)
    assert caption.start_s is not None
    assert caption.end_s is not None
    return [
        Said(same(word.text), word.start_s or 0.0, number)
        for word in spread(texts, glued, caption.start_s, caption.end_s)
    ]


def _pairs(mine: list[Said], theirs: list[Said]) -> list[tuple[Said, Said]]:
    """Pair the words that both have, in their order."""
    own = [said.word for said in mine]
    other = [said.word for said in theirs]
    known = set(other)
    if sum(word in known for word in own) < SAME_SHARE * len(own):
        return []
    matcher = SequenceMatcher(a=own, b=other, autojunk=False)
    return [
        (mine[block.a + step], theirs[block.b + step])
        for block in matcher.get_matching_blocks()
        for step in range(block.size)
    ]
