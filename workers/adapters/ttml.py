"""TTML, as pysubs2 reads it: each paragraph with its times is one final.

It knows no speakers, no frames and no times of words, and nothing but the namespace of
TTML 1; what it cannot read is told, not left out. Lines of a paragraph are one text.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import ParseError

from pysubs2 import SSAEvent, SSAFile

from schemas.segment import CaptionSegment
from workers.adapters.timed import ReadError, Timed, final, in_order

NAMESPACE = "http://www.w3.org/ns/ttml"


def read(text: str, stream_id: str) -> list[Timed]:
    """Read a file; its segments stand for themselves (mode ``replace``).

    Raises:
        ReadError: It is not XML, has times of a kind that is not known, or a
            paragraph is over a bound.
    """
    try:
        file = SSAFile.from_string(text, format_="ttml")
    except (ParseError, RecursionError) as error:
        raise ReadError(f"not XML: {error}") from error
    except KeyError as error:
        raise ReadError(f"a paragraph has no {error}; give it one") from error
    except (NotImplementedError, ValueError, OverflowError) as error:
        raise ReadError(f"not TTML that can be read: {error}") from error
    return in_order(_segments(file.events, stream_id))


def _segments(events: list[SSAEvent], stream_id: str) -> Iterator[CaptionSegment]:
    for number, event in enumerate(events, start=1):
        words = event.text.replace("\\N", " ").split()
        if words:
            yield final(
                f"paragraph {number}",
                stream_id=stream_id,
                text=" ".join(words),
                start_s=event.start / 1000,
                end_s=event.end / 1000,
            )
