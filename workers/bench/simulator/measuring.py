"""How well captions hold what was said: each word once, early, and without flicker."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from msgspec import Struct

from schemas.captions import Caption, CaptionRevised, CaptionWithdrawn
from workers.bench.simulator.sending import Sent
from workers.bench.simulator.speech import Talk, written
from workers.bench.simulator.viewing import Viewed
from workers.core.outputs import Output
from workers.core.text import words

Words = list[str]


class Score(Struct, frozen=True, kw_only=True):
    """Of one simulated stream; counts are of words unless said otherwise."""

    spoken: int
    told: int
    matched: int
    mixed: int
    """Captions with words of two speakers."""
    erased: int
    """Taken back from what was called stable, by revisions and withdrawals too."""
    raw_erased: int
    """Taken back from a screen that shows each message as it comes."""
    delays_ms: tuple[int, ...]
    """Of each word in captions, from its first sight to being stable for good."""

    @property
    def exact(self) -> bool:
        """Tell whether each word is there once, in order."""
        return self.spoken == self.told == self.matched

    @property
    def f1(self) -> float:
        """Return the F1 of the words matched in order."""
        return 2 * self.matched / max(1, self.spoken + self.told)


def scored(talk: Talk, sent: Sequence[Sent], seen: Viewed) -> Score:
    """Compare what viewers have with what was said, channel by channel."""
    spoken = _spoken(talk)
    told: dict[str | None, list[tuple[str, int]]] = defaultdict(list)
    for number, caption in enumerate(seen.captions()):
        told[caption.channel] += [(word, number) for word in _words(caption.text)]
    matched = mixed = 0
    for channel in sorted({*spoken, *told}, key=str):
        same, speakers = _compared(spoken[channel], told[channel])
        matched += same
        mixed += sum(len(found) > 1 for found in speakers.values())
    return Score(
        spoken=sum(map(len, spoken.values())),
        told=sum(map(len, told.values())),
        matched=matched,
        mixed=mixed,
        erased=_erased(_stable_texts(seen.outputs)),
        raw_erased=_erased(_raw_texts(sent)),
        delays_ms=tuple(_delays_ms(seen.told)),
    )


def _spoken(talk: Talk) -> dict[str | None, list[tuple[str, str | None]]]:
    """Return for each channel its words in order, each with its speaker."""
    spoken: dict[str | None, list[tuple[str, str | None]]] = defaultdict(list)
    for said in talk:
        text = written([word.text for word in said.words], said.language)
        spoken[said.channel] += [(word, said.speaker) for word in _words(text)]
    return spoken


def _compared(
    spoken: Sequence[tuple[str, str | None]], told: Sequence[tuple[str, int]]
) -> tuple[int, dict[int, set[str | None]]]:
    """Return how many words match in order, and who speaks in each caption."""
    blocks = SequenceMatcher(
        a=[word for word, _ in spoken], b=[word for word, _ in told], autojunk=False
    ).get_matching_blocks()
    speakers: dict[int, set[str | None]] = defaultdict(set)
    for block in blocks:
        for step in range(block.size):
            speakers[told[block.b + step][1]].add(spoken[block.a + step][1])
    return sum(block.size for block in blocks), speakers


def _stable_texts(outputs: Iterable[Output]) -> Iterable[tuple[str, Words]]:
    """Yield what is stable of a caption, each time that it is told."""
    for output in outputs:
        if isinstance(output, Caption):
            yield output.caption_id, _words(output.text[: output.stable])
        elif isinstance(output, CaptionWithdrawn):
            yield output.caption_id, []


def _raw_texts(sent: Iterable[Sent]) -> Iterable[tuple[str, Words]]:
    """Yield the last line of a screen, one for each channel and each final."""
    lines: dict[str | None, int] = defaultdict(int)
    for one in sent:
        segment = one.segment
        turn_goes_on = segment.mode == "cumulative" and not segment.end_of_utterance
        if segment.mode != "append":
            yield f"{segment.channel} {lines[segment.channel]}", _words(segment.text)
        if segment.is_final and not turn_goes_on:
            lines[segment.channel] += 1


def _erased(texts: Iterable[tuple[str, Words]]) -> int:
    """Count the words taken back.

    Source:
        The numerator of normalized erasure; Arivazhagan et al. (2020), in words.
    """
    erased = 0
    before: dict[str, Words] = {}
    for name, now in texts:
        for place, word in enumerate(before.get(name, [])):
            if place == len(now) or word != now[place]:
                erased += len(before[name]) - place
                break
        before[name] = now
    return erased


def _delays_ms(told: Iterable[tuple[int, Output]]) -> Iterable[int]:
    """Yield how long each word was on the screens before it was stable for good.

    A word is known by its place in its caption. Words changed when all was final
    already do not count.
    """
    seen_ms: dict[str, list[tuple[str, int]]] = {}
    stable_ms: dict[str, list[tuple[str, int]]] = {}
    for at_ms, output in told:
        if isinstance(output, CaptionWithdrawn):
            seen_ms.pop(output.caption_id, None)
            stable_ms.pop(output.caption_id, None)
        elif isinstance(output, Caption) and not (
            isinstance(output, CaptionRevised) and output.final
        ):
            name = output.caption_id
            _since(seen_ms.setdefault(name, []), _words(output.text), at_ms)
            sure = _words(output.text[: output.stable])
            _since(stable_ms.setdefault(name, []), sure, at_ms)
    for name, when in stable_ms.items():
        for (_, since_ms), (_, first_ms) in zip(when, seen_ms[name], strict=False):
            yield since_ms - first_ms


def _since(known: list[tuple[str, int]], now: Words, at_ms: int) -> None:
    """Note since when each place has had its word."""
    for place, word in enumerate(now):
        if place == len(known):
            known.append((word, at_ms))
        elif known[place][0] != word:
            known[place] = (word, at_ms)
    del known[len(now) :]


def _words(text: str) -> Words:
    return [word.casefold() for word in words(text)]
