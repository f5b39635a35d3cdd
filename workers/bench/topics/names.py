"""How often a topic is called what people called it.

A hit is a content word of the human title, in any form, among the five keyphrases.
"""

from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from workers.bench.topics.hearing import Heard
from workers.bench.topics.talks import TrueTalk
from workers.core.topics import TopicModel
from workers.core.topics.finished_talk import Finished
from workers.core.topics.recut import name_all
from workers.core.topics.usage import name_key
from workers.core.topics.words import plain, words


class Named(Struct, frozen=True, kw_only=True):
    """Of the topics of one talk that people gave a title."""

    titled: int
    hits_live: int
    """By the last name of the topic told live that has most of it."""
    hits_true: int
    """By the names of exactly the sentences that people marked."""
    phrases: int
    """Keyphrases of all topics told live."""
    longer: int
    """Of these, of two words or more."""


def named(
    talk: TrueTalk, heard: Heard, finished: Finished, model: TopicModel, language: str
) -> Named:
    """Compare the names of a talk's topics with its titles."""
    chapters = name_all(finished, finished.places(talk.boundaries), model)
    edges = [0, *heard.changes, len(talk.utterances)]
    live = list(pairwise(edges))
    titled = hits_live = hits_true = 0
    titles = talk.titles or (None,) * len(chapters)
    for title, (first, end), chapter in zip(
        titles, talk.segments, chapters, strict=True
    ):
        wanted = content(title or "", model, language)
        if not wanted:
            continue
        titled += 1
        most = max(
            range(len(live)),
            key=lambda at: min(end, live[at][1]) - max(first, live[at][0]),
        )
        told = heard.topics[most].keyphrases or ()
        hits_live += not wanted.isdisjoint(_stems(told))
        names = chapter.names
        hits_true += not wanted.isdisjoint(_stems(names.keyphrases if names else ()))
    every = [one for topic in heard.topics for one in topic.keyphrases or ()]
    return Named(
        titled=titled,
        hits_live=hits_live,
        hits_true=hits_true,
        phrases=len(every),
        longer=sum(" " in one for one in every),
    )


def content(title: str, model: TopicModel, language: str) -> set[str]:
    """Return the keys of a title's words that could name a topic."""
    entries = [model.lexicon.entry(word, language) for word, _ in words(plain(title))]
    return {entry.key for entry in entries if entry.units and entry.name_units}


def _stems(phrases: Sequence[str]) -> set[str]:
    return {name_key(word) for phrase in phrases for word in phrase.split(" ")}
