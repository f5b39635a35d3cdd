"""From runs to captions: what viewers see, and what changed for them (rule 9)."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from msgspec.structs import asdict, replace

from schemas.captions import (
    CaptionFinal,
    CaptionRevised,
    CaptionUpdated,
    CaptionWithdrawn,
    Latency,
)
from schemas.fields import Message
from schemas.segment import Word
from workers.core.caption_ids import caption_id
from workers.core.merging.channels import with_channel
from workers.core.merging.order import closable, told_until
from workers.core.merging.piece import Piece
from workers.core.merging.pieces import pieces_of
from workers.core.merging.settings import MergeSettings
from workers.core.merging.state import Channel, Closed, MergeState, Run, Shown, Source
from workers.core.merging.words import mean_confidence


def publish(
    state: MergeState,
    channel: Channel,
    settings: MergeSettings,
    decided_ms: int,
    *,
    close: bool = False,
    late: bool = False,
) -> tuple[MergeState, tuple[Message, ...]]:
    """Tell what is new on a channel and close the captions that are complete.

    Args:
        state: The stream, in which *channel* has its new runs.
        channel: The channel, with what viewers have of it.
        settings: Bounds of a caption.
        decided_ms: When this was decided, by the clock of the stream.
        close: Nothing will follow what is said already.
        late: What closes now came after later captions.

    Returns:
        The stream, without the words that are in closed captions, and the events.
    """
    messages: list[Message] = []
    still_shown: list[Shown] = []
    closed: list[Closed] = []
    number = state.next_number
    ended = 0
    pieces = pieces_of(channel, settings, close=close)
    count, held_ms = len(pieces), None
    if not close:
        count, held_ms = closable(channel, pieces, decided_ms, settings)
    screen = _on_screen(channel.shown, pieces)
    for place, piece in enumerate(pieces):
        before = screen[place]
        if before is None:
            before = Shown(number, -1, "", 0)
            number += 1
        closes = place < count
        now, events = told(state, channel, before, piece, closes=closes)
        messages += events
        if not closes:
            still_shown.append(now)
            continue
        ended += len(piece.words)
        now = replace(now, revision=now.revision + 1)
        late_now = late or piece.behind
        caption = _closed(channel, now, piece, late=late_now)
        closed.append(caption)
        messages.append(
            CaptionFinal(
                **_fields(state, caption, _words(piece)),
                latency=_latency(piece.parts[-1].run, decided_ms),
            )
        )
    if len(channel.shown) > len(pieces):
        messages += _withdrawn(state, channel.shown[len(pieces) :])
    shown = tuple(still_shown)
    if not closed:
        channel = replace(channel, shown=shown, held_ms=held_ms)
        channels = with_channel(state.channels, channel)
        state = replace(state, next_number=number, channels=channels)
        return state, tuple(messages)
    channel = replace(
        told_until(channel, closed),
        runs=_without(channel.runs, ended),
        shown=shown,
        held_ms=held_ms,
    )
    return (
        replace(
            state,
            next_number=number,
            closed=(*state.closed, *closed),
            channels=with_channel(state.channels, channel),
        ),
        tuple(messages),
    )


def _withdrawn(state: MergeState, gone: Sequence[Shown]) -> list[Message]:
    return [
        CaptionWithdrawn(
            stream_id=state.stream_id,
            caption_id=caption_id(state.life, one.number),
            revision=one.revision + 1,
            reason="words_gone",
        )
        for one in gone
    ]


def _on_screen(
    shown: tuple[Shown, ...], pieces: Sequence[Piece]
) -> Sequence[Shown | None]:
    """Return what viewers have of each caption, None for a new one.

    They stand in order; but where a caption comes before those shown, they are known
    by their stable text.
    """
    more = len(pieces) - len(shown)
    if more <= 0:
        return shown
    if not shown:
        return [None] * more
    known: list[Shown | None] = []
    place = 0
    for piece, following in zip_longest(pieces, pieces[1:]):
        before = shown[place] if place < len(shown) else None
        if (
            before is not None
            and before.stable
            and following is not None
            and len(known) < place + more
            and not _goes_on(before, piece)
            and _goes_on(before, following)
        ):
            before = None
        place += before is not None
        known.append(before)
    return known


def _goes_on(before: Shown, piece: Piece) -> bool:
    return piece.text.startswith(before.text[: before.stable])


def final_again(state: MergeState, caption: Closed) -> Message:
    """Tell of a closed caption that had to change, or lost all its words."""
    if not caption.text:
        return CaptionWithdrawn(
            stream_id=state.stream_id,
            caption_id=caption_id(state.life, caption.number),
            revision=caption.revision,
            reason="final_changed",
        )
    if caption.correction is None:
        fields = _fields(state, caption, None)
        return CaptionRevised(**fields, final=True, reason="final_changed")
    # What a person wrote is certain, and no doubt about a recogniser holds of it.
    shown = replace(
        caption, text=caption.correction.text, uncertain=False, confidence=None
    )
    fields = _fields(state, shown, None)
    return CaptionRevised(**fields, final=True, reason="corrected")


def told(
    state: MergeState,
    channel: Channel,
    before: Shown,
    piece: Piece,
    *,
    closes: bool,
) -> tuple[Shown, tuple[Message, ...]]:
    """Compare a caption with what viewers have of it."""
    text, stable = piece.text, piece.stable
    kept = _goes_on(before, piece)
    if kept:
        stable = max(stable, before.stable)
        if closes or (text, stable) == (before.text, before.stable):
            return replace(before, text=text, stable=stable), ()
    shown = Shown(before.number, before.revision + 1, text, stable)
    speaker, language, uncertain = _said_by(piece)
    start_s, end_s = _span(piece)
    updated = CaptionUpdated(
        stream_id=state.stream_id,
        caption_id=caption_id(state.life, shown.number),
        revision=shown.revision,
        text=text,
        stable=stable,
        start_s=start_s,
        end_s=end_s,
        speaker=speaker,
        channel=channel.name,
        language=language,
        words=_words(piece),
        uncertain=uncertain,
    )
    if kept:
        return shown, (updated,)
    changed = CaptionRevised(**asdict(updated), final=False, reason="stable_changed")
    return shown, (changed,)


def _closed(
    channel: Channel, shown: Shown, piece: Piece, *, late: bool = False
) -> Closed:
    speaker, language, uncertain = _said_by(piece)
    start_s, end_s = _span(piece)
    return Closed(
        shown.number,
        shown.revision,
        shown.text,
        _sources(piece),
        start_s,
        end_s,
        speaker,
        channel.name,
        language,
        uncertain,
        late,
        _confidence(piece),
    )


def _said_by(piece: Piece) -> tuple[str | None, str | None, bool]:
    """Return speaker and language, and whether some of it is uncertain."""
    speaker = language = None
    uncertain = False
    for part in piece.parts:
        run = part.run
        speaker = speaker or run.speaker
        language = language or run.language
        uncertain = uncertain or run.uncertain
    return speaker or None, language or None, uncertain


def _span(piece: Piece) -> tuple[float | None, float | None]:
    start_s, end_s = piece.words[0].start_s, piece.words[-1].end_s
    if start_s is not None and end_s is not None and end_s < start_s:
        # A provider's times of words may fall.
        return start_s, start_s
    return start_s, end_s


def _confidence(piece: Piece) -> float | None:
    return mean_confidence(
        (part.run.words[part.first : part.end], part.run.confidence)
        for part in piece.parts
    )


def _sources(piece: Piece) -> tuple[Source, ...]:
    sources: list[Source] = []
    for part in piece.parts:
        run, count = part.run, part.end - part.first
        from_s = run.words[part.first].start_s
        until_s = run.words[part.end - 1].end_s
        if sources and sources[-1].owner == run.owner:
            before = sources.pop()
            count, from_s = count + before.words, before.start_s
        sources.append(Source(run.owner, count, from_s, until_s, run.uncertain))
    return tuple(sources)


def _fields(
    state: MergeState, caption: Closed, words: tuple[Word, ...] | None
) -> dict[str, Any]:
    """Return what the events of a closed caption have in common."""
    return {
        "stream_id": state.stream_id,
        "caption_id": caption_id(state.life, caption.number),
        "revision": caption.revision,
        "text": caption.text,
        "stable": len(caption.text),
        "start_s": caption.start_s,
        "end_s": caption.end_s,
        "speaker": caption.speaker,
        "channel": caption.channel,
        "language": caption.language,
        "words": words,
        "uncertain": caption.uncertain,
        "late": caption.late,
        "confidence": caption.confidence,
    }


def _words(piece: Piece) -> tuple[Word, ...] | None:
    """Return the words with the provider's times, where it gave them."""
    for part in piece.parts:
        if not part.run.timed:
            return None
    return tuple(
        Word(
            text=word.text,
            start_s=word.start_s,
            end_s=word.end_s,
            confidence=word.confidence,
        )
        for word in piece.words
    )


def _latency(run: Run, decided_ms: int) -> Latency:
    """Say who spent the time, up to the decision; the agent adds its own share."""
    emitted_ms, spoken_ms = run.emitted_ms, run.spoken_ms
    return Latency(
        recogniser_s=None
        if emitted_ms is None or spoken_ms is None
        else (emitted_ms - spoken_ms) / 1000,
        kafka_s=None if emitted_ms is None else (run.arrived_ms - emitted_ms) / 1000,
        policy_s=(decided_ms - run.arrived_ms) / 1000,
    )


def _without(runs: tuple[Run, ...], count: int) -> tuple[Run, ...]:
    """Take the first words away; they are in closed captions."""
    rest = []
    for run in runs:
        if count >= len(run.words):
            count -= len(run.words)
        elif count:
            rest.append(replace(run, words=run.words[count:]))
            count = 0
        else:
            rest.append(run)
    return tuple(rest)
