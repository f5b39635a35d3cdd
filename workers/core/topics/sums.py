"""Running sums over the kept sentences of a stream, so that a window is one difference.

They are a function of the kept sentences alone, remembered per stream. Everything in
them is a whole number, hence equal whether grown sentence by sentence or made anew.
"""

from collections import OrderedDict
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workers.core.topics.kept.sentence import Sentence
from workers.core.topics.language import DIMENSIONS
from workers.core.topics.lexicon import KEPT, Lexicon

_RING: Final = KEPT + 1
"""Rows: one before each kept sentence, and one after the newest."""

_COLUMN: Final = 1024
"""Stems of the kept sentences, and of the next few dozen; more where they need it."""

_NEVER: Final = -1
_STEMS: Final = 680
"""Remembered last places of stems, before those of sentences gone are dropped. Where
more than half are of kept sentences, more are remembered. One more, and the table of
a dict takes up twice the room."""


class Sums:
    """Sums up to each kept sentence; row ``n`` holds those of sentences before ``n``.

    Not a value but a memo, changed in place for speed: only ``SumsMemo`` grows it.
    """

    def __init__(self, first: int) -> None:
        self.first = first
        """Index of the oldest kept sentence, counted from the life's first."""
        self.count = first
        """Index after the newest."""
        self.rows: NDArray[np.int32] = np.zeros((_RING, DIMENSIONS), np.int32)
        self.masses = [0] * _RING
        self._stems: list[dict[str, int]] = [{} for _ in range(_RING)]
        """Of each sentence, with their weights in units."""
        self._starts = [0] * _RING
        """Where the stems of each sentence begin in the two columns below."""
        self._lasts: NDArray[np.int32] = np.zeros(_COLUMN, np.int32)
        """Of each stem, the place where it was last heard before."""
        self._units: NDArray[np.float64] = np.zeros(_COLUMN)
        """Whole numbers too; products of such columns are the quickest."""
        self._bounds: NDArray[np.int32] = np.zeros((2, 1), np.int32)
        """Of `newness`, filled in there."""
        self._end = 0
        self._last: dict[str, int] = {}
        self._most_stems = _STEMS

    def vectors(self, starts: list[int], ends: list[int]) -> NDArray[np.int32]:
        """Return the summed vectors of sentences from each start before its end."""
        high = self.rows.take([end % _RING for end in ends], axis=0)
        high -= self.rows.take([start % _RING for start in starts], axis=0)
        return high

    def around(self, gap: int, edges: list[int]) -> tuple[NDArray[np.int32], list[int]]:
        """Return summed vectors and masses from a gap to each edge.

        Those of edges before the gap are negative.
        """
        here = gap % _RING
        rows = [edge % _RING for edge in edges]
        vectors = self.rows.take(rows, axis=0)
        vectors -= self.rows[here]
        masses, mass = self.masses, self.masses[here]
        return vectors, [masses[row] - mass for row in rows]

    def mass(self, start: int, end: int) -> int:
        """Return the word mass of sentences from *start* before *end*, in units."""
        return self.masses[end % _RING] - self.masses[start % _RING]

    def stems_of(self, index: int) -> list[tuple[str, int, int]]:
        """Return stem, last earlier place and weight for each stem of a sentence."""
        stems = self._stems[index % _RING]
        start = self._starts[index % _RING]
        lasts = self._lasts[start : start + len(stems)].tolist()
        return list(zip(stems, lasts, stems.values(), strict=True))

    def newness(self, gap: int, end: int, oldest: int) -> tuple[int, int]:
        """Return the word mass, in units, of the different stems from a gap to *end*.

        Returns:
            Of all of them, and of those not heard between *oldest* and the gap.
        """
        stems = slice(self._starts[gap % _RING], self._starts[end % _RING])
        # Both in one product, which takes two thirds of the time of two.
        bounds = self._bounds
        bounds[0, 0], bounds[1, 0] = gap, oldest
        masses = (self._lasts[stems] < bounds).dot(self._units[stems])
        different, new = masses.tolist()
        return int(different), int(new)

    def grow(self, sentence: Sentence, lexicon: Lexicon) -> None:
        """Add the newest sentence."""
        meaning = lexicon.meaning(sentence)
        here = self.count % _RING
        after = (self.count + 1) % _RING
        # Sums may wrap around in a very long stream; their differences do not care.
        np.add(self.rows[here], meaning.vector, out=self.rows[after])
        self.masses[after] = self.masses[here] + meaning.mass
        last = self._last
        stems = meaning.stems
        start, size = self._room(len(stems)), len(stems)
        self._stems[here] = stems
        self._starts[here], self._starts[after] = start, start + size
        self._end = start + size
        if size:
            self._lasts[start : self._end] = [last.get(stem, _NEVER) for stem in stems]
            self._units[start : self._end] = list(stems.values())
            last.update(dict.fromkeys(stems, self.count))
        self.count += 1
        if len(last) > self._most_stems:
            oldest = self.count - KEPT
            self._last = {stem: at for stem, at in last.items() if at >= oldest}
            self._most_stems = max(_STEMS, 2 * len(self._last))

    def _room(self, size: int) -> int:
        """Return where the next stems begin; the columns start anew where they end."""
        if self._end + size <= len(self._lasts):
            return self._end
        oldest = self._starts[max(self.first, self.count - KEPT) % _RING]
        kept = self._end - oldest
        length = max(_COLUMN, (kept + size) * 3 // 2)
        for name in ("_lasts", "_units"):
            old = getattr(self, name)
            column = np.zeros(length, old.dtype)
            column[:kept] = old[oldest : self._end]
            setattr(self, name, column)
        self._starts = [start - oldest for start in self._starts]
        return kept


class SumsMemo:
    """Remembers the sums of the streams heard most recently.

    A stream that is not among them costs about a millisecond to sum anew.
    """

    def __init__(self, lexicon: Lexicon, *, streams: int = 4096) -> None:
        self._lexicon = lexicon
        self._streams = streams
        self._known: OrderedDict[str, tuple[tuple[Sentence, ...], Sums]] = OrderedDict()

    def of(
        self,
        life: str,
        sentences: tuple[Sentence, ...],
        count: int,
        before: tuple[Sentence, ...] | None = None,
    ) -> Sums:
        """Return the sums of *sentences*, the newest of *count* heard in this life.

        Args:
            life: Where to look in the memo; the answer does not depend on it.
            sentences: The kept ones, oldest first.
            count: How many sentences the life has had.
            before: What was kept one sentence ago, if only the newest is new.
        """
        known = self._known.pop(life, None)
        if known is not None and known[0] is sentences:
            sums = known[1]
        elif known is not None and before and known[0] is before:
            sums = known[1]
            sums.grow(sentences[-1], self._lexicon)
        else:
            sums = Sums(count - len(sentences))
            for sentence in sentences:
                sums.grow(sentence, self._lexicon)
        sums.first = count - len(sentences)
        self._known[life] = (sentences, sums)
        if len(self._known) > self._streams:
            self._known.popitem(last=False)
        return sums

    def forget(self, life: str) -> None:
        """Drop the sums of a life that has ended."""
        self._known.pop(life, None)
