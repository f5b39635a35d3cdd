"""The bounds and times of merging, each with its reason."""

from msgspec import Struct


class MergeSettings(Struct, frozen=True, kw_only=True):
    """What may be set; times in seconds of media time unless said otherwise."""

    silence_ms: int = 5_000
    """Wall time without news after which what is open is closed (rule 11)."""
    finals_silence_ms: int = 15_000
    """The same where a recogniser never guesses: it may be busy with a long piece, so
    that no news tells of no silence yet."""
    pause_s: float = 0.8
    """A silence this long between two words ends a caption (rule 8)."""
    max_chars: int = 300
    """Code points in a caption; about 20 s of speech (rule 8)."""
    max_caption_s: float = 15.0
    """Length of a caption (rule 8)."""
    kept: int = 20
    """Closed captions that a later final may still revise (rule 13)."""
    corrected_chars: int = 600
    """Code points in a person's correction: twice the longest caption."""
    open_chars: int = 1_500
    """Code points still open on a channel, well over a minute of speech; what is more
    is closed as it stands (rule 12)."""
    lateness_s: float = 2.0
    """What comes later than this after its time comes out marked late (rule 6); a
    caption waits no longer for it, by the clock or in media time."""
    jump_s: float = 10.0
    """Times that begin further back than this have begun anew (rule 7)."""
    channels: int = 8
    """Channels with state of their own; the quietest makes room (rule 12)."""
