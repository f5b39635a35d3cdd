"""Tells of each watched phrase once, and takes it back with its caption."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

import msgspec

from schemas.captions import CaptionFinal, CaptionRevised, CaptionWithdrawn
from schemas.phrases import PhraseSpotted
from workers.core.watching.place import Place
from workers.core.watching.spots import Spot, WatchState
from workers.core.watching.watch import Watch

MAX_BYTES: Final = 2560
"""Of the spots that can be taken back, those of the newest captions: about sixty, of
short names and phrases. Merging revises one of the last twenty captions."""

_MAX_TEXT: Final = 24
"""Code points kept of a phrase, to be told again when it is withdrawn."""


def step(
    state: WatchState,
    event: CaptionFinal | CaptionRevised | CaptionWithdrawn,
    number: int,
    watch: Watch,
) -> tuple[WatchState, tuple[PhraseSpotted, ...]]:
    """Advance by one caption event.

    A revised caption tells each of its phrases again, with where it stands now, and
    withdraws those it has no more.

    Args:
        state: What was told.
        event: A final caption, a final one revised, or one withdrawn.
        number: Of the caption within its life.
        watch: What is watched for.
    """
    known = {
        (spot.name, spot.nth): spot for spot in state.spots if spot.number == number
    }
    found = () if isinstance(event, CaptionWithdrawn) else watch.find(event.text)
    if not known and not found:
        return state, ()
    spots: list[Spot] = []
    for name, nth, place in _numbered(found):
        old = known.pop((name, nth), None)
        assert not isinstance(event, CaptionWithdrawn)
        text = event.text[place.start : place.end]
        revision = 0 if old is None else old.revision + 1
        spots.append(
            Spot(number, name, nth, place.start, place.end, text[:_MAX_TEXT], revision)
        )
    told = list(spots)
    for old in known.values():
        gone = old
        if not old.withdrawn:
            gone = Spot(
                old.number,
                old.name,
                old.nth,
                old.start,
                old.end,
                old.text,
                old.revision + 1,
                withdrawn=True,
            )
            told.append(gone)
        spots.append(gone)
    others = (spot for spot in state.spots if spot.number != number)
    kept = WatchState(_bounded((*others, *spots)))
    return kept, tuple(_message(spot, event) for spot in told)


def _bounded(spots: tuple[Spot, ...]) -> tuple[Spot, ...]:
    """Return the newest spots for which there is room."""
    room = MAX_BYTES
    for place in range(len(spots) - 1, -1, -1):
        room -= len(msgspec.json.encode(spots[place])) + 1
        if room < 0:
            return spots[place + 1 :]
    return spots


def _numbered(found: tuple[Place, ...]) -> Iterator[tuple[str, int, Place]]:
    """Count the places of each name."""
    before: Counter[str] = Counter()
    for place in found:
        yield place.name, before[place.name], place
        before[place.name] += 1


def _message(
    spot: Spot, event: CaptionFinal | CaptionRevised | CaptionWithdrawn
) -> PhraseSpotted:
    start_s = end_s = speaker = None
    text = spot.text
    if not isinstance(event, CaptionWithdrawn):
        start_s, end_s = _times(spot, event)
        speaker = event.speaker
        if not spot.withdrawn:
            text = event.text[spot.start : spot.end]
    return PhraseSpotted(
        stream_id=event.stream_id,
        spot_id=f"{event.caption_id}.{spot.name}{spot.nth}",
        revision=spot.revision,
        withdrawn=spot.withdrawn,
        name=spot.name,
        text=text,
        caption_id=event.caption_id,
        caption_revision=event.revision,
        start=spot.start,
        end=spot.end,
        start_s=start_s,
        end_s=end_s,
        speaker=speaker,
    )


def _times(
    spot: Spot, caption: CaptionFinal | CaptionRevised
) -> tuple[float | None, float | None]:
    """Return when a phrase is said: by the caption's words, else by the caption."""
    start_s, end_s = caption.start_s, caption.end_s
    if spot.withdrawn or not caption.words:
        return start_s, end_s
    at = 0
    inside = []
    for word in caption.words:
        at = caption.text.find(word.text, at)
        if at < 0:
            return start_s, end_s  # they are not the words of this text
        if at < spot.end and at + len(word.text) > spot.start:
            inside.append(word)
        at += len(word.text)
    if not inside or inside[0].start_s is None or inside[-1].end_s is None:
        return start_s, end_s
    return inside[0].start_s, max(inside[0].start_s, inside[-1].end_s)
