"""From runs to the captions they make now: rule 8."""

from msgspec.structs import replace

from workers.core.merging.heard import Heard
from workers.core.merging.piece import Part, Piece
from workers.core.merging.places import JITTER_S
from workers.core.merging.sentences import cut
from workers.core.merging.settings import MergeSettings
from workers.core.merging.stability import sure_words
from workers.core.merging.state import Channel, Run
from workers.core.merging.words import Written, is_written_on
from workers.core.text.sentence_ends import ends_sentence


def pieces_of(channel: Channel, settings: MergeSettings, *, close: bool) -> list[Piece]:
    """Cut the words of a channel into captions; *close*: no word will follow."""
    runs = channel.runs
    if len(runs) == 1 and not runs[0].final and not _is_behind(runs[0], channel):
        return _growing(runs[0], settings)
    words: list[Heard] = []
    starts: list[int] = []
    breaks: set[int] = set()
    final = 0
    before: Run | None = None
    speaker: str | None = None
    behind = 0
    for run in runs:
        start = len(words)
        starts.append(start)
        words += run.words
        if before is not None:
            speaker = _still_speaks(speaker, before, run)
            turn = speaker != run.speaker and None not in (speaker, run.speaker)
            if turn or before.ends or behind == start:
                breaks.add(start)
            if is_written_on(before.words[-1], run.words[0]):
                words[start] = replace(run.words[0], glued=True)
        if _is_behind(run, channel):
            behind = len(words)
        if run.final and final == start:
            final = len(words)
        speaker = run.speaker or speaker
        before = run
    pieces = []
    written = Written(words)
    for first, end in cut(words, breaks, settings):
        parts = _parts(runs, starts, first, end)
        last = parts[-1]
        next_text = words[end].text if end < len(words) else None
        ends_itself = (
            last.run.ends and last.end == len(last.run.words)
        ) or ends_sentence(words[end - 1].text, next_text)
        complete = end <= final and (
            close or end < final or end <= behind or ends_itself
        )
        text = written.text(first, end)
        sure = end - first if complete else _sure(parts)
        if sure < end - first:
            stable = len(written.text(first, first + sure))
        else:
            stable = len(text)
        pieces.append(
            Piece(
                words=words[first:end],
                text=text,
                parts=parts,
                stable=stable,
                complete=complete,
                behind=end <= behind,
                ends_itself=ends_itself,
            )
        )
    return pieces


def _still_speaks(speaker: str | None, before: Run, run: Run) -> str | None:
    """Return who may still speak in a run that does not say who speaks.

    Where a sentence ends between two runs it is nobody: that sentence may be a caption
    that has closed, and nobody knows its speaker any more, or will close yet.
    """
    if speaker is None or run.speaker is not None:
        return speaker
    return None if ends_sentence(before.words[-1].text, run.words[0].text) else speaker


def _growing(run: Run, settings: MergeSettings) -> list[Piece]:
    """Cut the words of an open run that is alone on its channel into captions.

    Of most guesses nothing else is to be known: none of it is final, or spoken before
    something that is.
    """
    words = run.words
    written = Written(words)
    agreed = max(run.agreed, sure_words(words))
    pieces = []
    for first, end in cut(words, (), settings):
        text = written.text(first, end)
        stable = len(text)
        if agreed < end:
            stable = len(written.text(first, agreed))
        here = words if end - first == len(words) else words[first:end]
        pieces.append(
            Piece(
                words=here,
                text=text,
                parts=[Part(run, first, end)],
                stable=stable,
                complete=False,
                behind=False,
                ends_itself=False,
            )
        )
    return pieces


def _is_behind(run: Run, channel: Channel) -> bool:
    """Tell whether a run was spoken before a caption that is closed."""
    end_s = run.words[-1].end_s
    return (
        end_s is not None
        and channel.told_from_s is not None
        and end_s <= channel.told_from_s + JITTER_S
    )


def _parts(
    runs: tuple[Run, ...], starts: list[int], first: int, end: int
) -> list[Part]:
    """Return what each run has in the words from *first* to before *end*."""
    parts = []
    for run, start in zip(runs, starts, strict=True):
        if start >= end:
            break
        size = len(run.words)
        if start + size > first:
            parts.append(
                Part(
                    run,
                    first - start if first > start else 0,
                    end - start if end < start + size else size,
                )
            )
    return parts


def _sure(parts: list[Part]) -> int:
    """Count the leading words that will not change."""
    count = 0
    for part in parts:
        run = part.run
        if run.final:
            count += part.end - part.first
            continue
        agreed = max(run.agreed, sure_words(run.words))
        count += max(0, min(agreed, part.end) - part.first)
        if agreed < part.end:
            break
    return count
