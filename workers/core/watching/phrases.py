"""Phrases found word by word, in any case, script and spacing.

Source:
    A trie over words. From each word of a text at most ``MAX_WORDS`` steps are taken,
    so the time is linear whatever the phrases are.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import regex

from workers.core.text.scripts import UNSPACED
from workers.core.watching.found import Found

MAX_WORDS: Final = 8
"""Of one phrase."""

_TOKEN: Final = regex.compile(
    rf"{UNSPACED}|(?:[\w--{UNSPACED}]|(?<=\w)['’](?=\w))+", regex.V1
)
"""A word; of scripts without spaces, a character."""
_ANY: Final = "*"


class _Node:
    """A place in the trie; grown while the watch is made, and never after."""

    def __init__(self) -> None:
        self.names: list[str] = []
        """Of the watches one of whose phrases ends here."""
        self.words: dict[str, _Node] = {}
        self.stems: dict[str, _Node] = {}
        """Reached by all words that begin so."""
        self.sizes: tuple[int, ...] = ()
        """Of the stems."""


class Phrases:
    """Phrases by name, made ready to be found.

    Args:
        phrases: By the name of their watch. ``refund*`` stands for all words that
            begin so. Between words of a text may stand anything that is no word.

    Raises:
        ValueError: A phrase has no word, or more than ``MAX_WORDS``.
    """

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        self._root = _Node()
        for name, each in phrases.items():
            for phrase in each:
                self._add(name, phrase)
        _size(self._root)

    def _add(self, name: str, phrase: str) -> None:
        words = list(_TOKEN.finditer(phrase))
        if not 0 < len(words) <= MAX_WORDS:
            raise ValueError(f"a phrase has 1 to {MAX_WORDS} words: {phrase!r}")
        node = self._root
        for word in words:
            key = _folded(word[0])
            stem = phrase[word.end() : word.end() + 1] == _ANY
            node = (node.stems if stem else node.words).setdefault(key, _Node())
        node.names.append(name)

    def find(self, text: str) -> Iterator[Found]:
        """Yield each phrase where it stands, by its start; the longest of a watch."""
        words = [
            (one.start(), one.end(), _folded(one[0])) for one in _TOKEN.finditer(text)
        ]
        for place, (start, _, first) in enumerate(words):
            nodes = _after([self._root], first)
            longest: dict[str, int] = {}
            at = place
            while nodes:
                for node in nodes:
                    for name in node.names:
                        longest[name] = words[at][1]
                at += 1
                if at == len(words):
                    break
                nodes = _after(nodes, words[at][2])
            for name, end in longest.items():
                yield Found(start, end, name)


def _after(nodes: list[_Node], word: str) -> list[_Node]:
    """Return where a word leads; the trie is no deeper than ``MAX_WORDS``."""
    reached = []
    for node in nodes:
        after = node.words.get(word)
        if after is not None:
            reached.append(after)
        for size in node.sizes:
            after = node.stems.get(word[:size]) if size <= len(word) else None
            if after is not None:
                reached.append(after)
    return reached


def _size(node: _Node) -> None:
    node.sizes = tuple(sorted({len(stem) for stem in node.stems}))
    for after in (*node.words.values(), *node.stems.values()):
        _size(after)


def _folded(word: str) -> str:
    return word.casefold().replace("’", "'")
