"""``Watch`` over phrases and patterns as they are set: all in linear time.

Patterns are those of RE2, which has no backtracking: whatever a pattern and a text are,
the time grows with the text only.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import re2  # type: ignore[import-untyped]

from workers.core.watching import MAX_SPOTS, Place
from workers.core.watching.phrases import Phrases

MAX_CHARACTERS = 2000
"""Of a caption that are searched; ours have 300."""
_MOST_RAW = 64
"""Matches looked at for each pattern; empty ones are none."""
_MAX_MEMORY = 1 << 20
"""Bytes that one pattern may take."""


class PhraseWatch:
    r"""Phrases and patterns by name.

    Args:
        entries: By the name of the watch. One between slashes, ``/case \d+/``, is a
            pattern; all else is a phrase. Both are found in any case.

    Raises:
        ValueError: One cannot be used: which, and why.
    """

    def __init__(self, entries: Mapping[str, Sequence[str]]) -> None:
        self._phrases = Phrases(
            {
                name: [one for one in each if not is_pattern(one)]
                for name, each in entries.items()
            }
        )
        options = _options()
        self._patterns: list[tuple[str, Any]] = []
        self._any = re2.Set.SearchSet(options)
        for name, each in entries.items():
            for entry in filter(is_pattern, each):
                pattern = entry[1:-1]
                try:
                    made = re2.compile(pattern, options)
                except re2.error as error:
                    raise ValueError(f"{entry}: {_told(error)}") from None
                self._any.Add(pattern)
                self._patterns.append((name, made))
        if self._patterns:
            self._any.Compile()

    def find(self, text: str) -> tuple[Place, ...]:
        """Return the first places, by their start; of one name none overlap."""
        text = text[:MAX_CHARACTERS]
        phrases = self._phrases.find(text)
        found = [Place(one.start, one.end, one.name) for one in phrases]
        if self._patterns:
            found += self._matched(text)
        ends: dict[str, int] = {}
        places = []
        for place in sorted(found, key=lambda one: (one.start, -one.end, one.name)):
            if place.start >= ends.get(place.name, 0):
                places.append(place)
                ends[place.name] = place.end
        return tuple(places[:MAX_SPOTS])

    def _matched(self, text: str) -> Iterator[Place]:
        for number in self._any.Match(text) or ():
            name, pattern = self._patterns[number]
            for match in islice(pattern.finditer(text), _MOST_RAW):
                if match.end() > match.start():
                    yield Place(match.start(), match.end(), name)


def is_pattern(entry: str) -> bool:
    """Tell a pattern, which stands between slashes, from a phrase."""
    return len(entry) > 1 and entry[0] == entry[-1] == "/"


def _options() -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.max_mem = _MAX_MEMORY
    options.log_errors = False
    return options


def _told(error: Exception) -> str:
    reason = error.args[0] if error.args else "no pattern"
    return reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
