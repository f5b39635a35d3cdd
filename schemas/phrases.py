"""Phrases that somebody watches for, as they are said."""

from schemas.fields import Count, Id, MediaSeconds, Message, Text


class PhraseSpotted(Message, frozen=True, kw_only=True, tag=True):
    """A watched phrase stands in a final caption; ``captions.topics.v1``."""

    spot_id: Id
    """Caption, name and which one of them; the same in every revision."""
    revision: Count
    """0 at first, then one more in every event about this spot."""
    withdrawn: bool = False
    """The caption was revised or withdrawn, and the phrase is there no more."""
    name: str
    """Of the watch, as it is set."""
    text: Text
    """As it stands in the caption; as it stood, if withdrawn."""
    caption_id: Id
    caption_revision: Count
    start: Count
    """Code points of the caption's text before it."""
    end: Count
    start_s: MediaSeconds | None = None
    """Of its first word where the caption tells it, else of the caption."""
    end_s: MediaSeconds | None = None
    speaker: str | None = None
