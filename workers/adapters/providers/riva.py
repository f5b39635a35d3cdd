"""NVIDIA Riva: the protocol of Google v1, but for its units.

Words have milliseconds, a result the seconds of audio that were heard for it. Its
confidences are about natural logarithms, so they are not taken over. With two-pass ends
of utterances, the guess of the first pass has stability 1: it is a guess still.
"""

from workers.adapters.providers.google import Dialect, Memory, reader
from workers.adapters.providers.provider import AdapterError, Provider
from workers.adapters.providers.units import from_ms

NAME = "riva"


def _word_s(value: object) -> float | None:
    if value is not None and not isinstance(value, int | float):
        raise AdapterError("the time of a word is no number of milliseconds")
    return from_ms(value)


PROVIDER = Provider(
    name=NAME,
    title="NVIDIA Riva",
    units=("milliseconds", "seconds"),
    semantics="replace",
    maps="the parts of a guess to one interim, with the least `stability` of them; "
    "words of finals with times and speaker; `channel_tag`; times that fall back to "
    "`epoch`",
    unknown="confidence (its scale is another); when a guess began, before its final "
    "has words; which guess a result replaces (only time tells)",
    memory=Memory,
    read=reader(
        Dialect(
            name=NAME,
            end_s=lambda result: result.audio_processed,
            word_s=_word_s,
            confidences=False,
        )
    ),
)
