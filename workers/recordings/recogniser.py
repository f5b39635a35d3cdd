"""A simulated recogniser: a talk in, the segments of a streaming provider out.

It behaves as such services do: hypotheses that grow and take back their newest words,
a final soon after the speaker pauses, now and then a message sent twice, a final
changed afterwards, and in noise a phrase it cannot stop repeating. Every hypothesis
gets its final; the faults of a provider that breaks are made elsewhere.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from schemas.segment import CaptionSegment, Word
from workers.recordings.talk import Gap, Sentence, SpokenWord, Talk

STARTED_AT = datetime(2026, 1, 15, 10, tzinfo=UTC)
SEED = 20260115

LONGEST_UTTERANCE_S = 10.0
SENTENCES_OF_AN_UTTERANCE = 2
UTTERANCE_PAUSE_S = 0.55
"""A pause that ends an utterance."""

INTERIM_EVERY_S = 0.6
HEARD_AFTER_S = 0.3
"""From the end of a word to the first hypothesis that can have it."""
FINAL_AFTER_S = (0.5, 0.8)
CORRECTED_AFTER_S = 4.0
SENT_TWICE_AFTER_S = 0.2

LAST_WORD_WRONG = 0.2
LAST_TWO_WORDS_WRONG = 0.06
SENT_TWICE = 0.05

STUCK_WORDS = 5
STUCK_WORD_S = 0.16
STUCK_LEAD_S = 0.6
"""Of the noise, before and after the loop."""

SPEECH_CONFIDENCE = (0.84, 0.98)
NOISE_CONFIDENCE = (0.22, 0.34)


class Utterance(Struct, frozen=True, kw_only=True):
    """What the recogniser hears between two pauses; one ``segment_id``."""

    speaker: str
    words: tuple[SpokenWord, ...]
    is_speech: bool = True


class Sent(Struct, frozen=True, kw_only=True):
    """A segment and when it leaves the provider."""

    send_s: float
    """Media time."""
    segment: CaptionSegment


def recognise(talk: Talk, *, stream_id: str, seed: int = SEED) -> tuple[Sent, ...]:
    """Send a talk as a streaming recogniser would.

    Args:
        talk: What is said.
        stream_id: The key of all segments.
        seed: Of the errors; the same seed gives the same segments everywhere.

    Returns:
        The segments in the order sent. ``sequence`` counts them from 0; a message sent
        twice keeps its number. Only the last has ``end_of_stream``.
    """
    # Only `random()` is used: of all methods, it alone is promised to stay the same.
    rng = Random(seed)  # noqa: S311  # errors for a demo, no secrets
    spoken = {
        _bare(word.text) for sentence in talk.sentences for word in sentence.words
    }
    vocabulary = tuple(sorted(spoken))
    waiting: list[Sent] = []
    for number, utterance in enumerate(_utterances(talk)):
        blank = CaptionSegment(
            stream_id=stream_id,
            text="",
            is_final=False,
            segment_id=f"u{number}",
            speaker=utterance.speaker,
            language="en",
            stream_started_at=STARTED_AT,
        )
        waiting.extend(_interims(utterance, blank, vocabulary, rng))
        waiting.extend(_finals(utterance, blank, rng))
    waiting.sort(key=lambda sent: sent.send_s)
    return tuple(sorted(_posted(waiting, rng), key=lambda sent: sent.send_s))


def _utterances(talk: Talk) -> list[Utterance]:
    """Cut a talk at its pauses, and add what is heard in its noises."""
    heard = [*_speech(talk.sentences)]
    heard += [
        _stuck(gap, talk.sentences[gap.sentence - 1])
        for gap in talk.gaps
        if gap.kind == "noise"
    ]
    return sorted(heard, key=lambda utterance: utterance.words[0].start_s)


def _speech(sentences: Iterable[Sentence]) -> Iterator[Utterance]:
    speaker = ""
    words: list[SpokenWord] = []
    complete = 0
    for sentence in sentences:
        for word in sentence.words:
            if words and (
                sentence.speaker != speaker
                or complete == SENTENCES_OF_AN_UTTERANCE
                or word.start_s - words[-1].end_s >= UTTERANCE_PAUSE_S
                or word.end_s - words[0].start_s > LONGEST_UTTERANCE_S
            ):
                yield Utterance(speaker=speaker, words=tuple(words))
                words, complete = [], 0
            speaker = sentence.speaker
            words.append(word)
        complete += 1
    if words:
        yield Utterance(speaker=speaker, words=tuple(words))


def _stuck(noise: Gap, before: Sentence) -> Utterance:
    """Repeat the last words before a noise until it ends."""
    phrase = [_bare(word.text).lower() for word in before.words[-STUCK_WORDS:]]
    lasts_s = noise.end_s - noise.start_s - 2 * STUCK_LEAD_S
    repeats = int(lasts_s / (STUCK_WORD_S * len(phrase)))
    words = []
    for number, text in enumerate(phrase * repeats):
        start_s = noise.start_s + STUCK_LEAD_S + number * STUCK_WORD_S
        words.append(
            SpokenWord(
                text=text,
                start_s=round(start_s, 2),
                end_s=round(start_s + STUCK_WORD_S, 2),
            )
        )
    return Utterance(speaker=before.speaker, words=tuple(words), is_speech=False)


def _interims(
    utterance: Utterance,
    blank: CaptionSegment,
    vocabulary: Sequence[str],
    rng: Random,
) -> Iterator[Sent]:
    """Yield hypotheses that grow, each unsure of its newest words."""
    start_s, end_s = utterance.words[0].start_s, utterance.words[-1].end_s
    said = 0
    ticks = int((end_s + FINAL_AFTER_S[0] - start_s) / INTERIM_EVERY_S)
    for tick in range(1, ticks + 1):
        send_s = round(start_s + tick * INTERIM_EVERY_S, 2)
        heard = [
            word for word in utterance.words if word.end_s <= send_s - HEARD_AFTER_S
        ]
        if len(heard) == said:
            continue
        said = len(heard)
        texts = [word.misheard or word.text for word in heard]
        doubt = rng.random()
        if doubt < LAST_TWO_WORDS_WRONG:
            texts[-2:] = [_confused(text, vocabulary, rng) for text in texts[-2:]]
        elif doubt < LAST_WORD_WRONG:
            texts[-1] = _confused(texts[-1], vocabulary, rng)
        # What follows decides on punctuation and capitals, so they come a word late.
        texts[-1] = _bare(texts[-1]).lower() if said > 1 else _bare(texts[-1])
        yield Sent(
            send_s=send_s,
            segment=replace(
                blank, text=" ".join(texts), start_s=start_s, end_s=heard[-1].end_s
            ),
        )


def _finals(utterance: Utterance, blank: CaptionSegment, rng: Random) -> Iterator[Sent]:
    """Yield the final, and once more with other words if it was misheard."""
    end_s = utterance.words[-1].end_s
    send_s = round(end_s + _between(FINAL_AFTER_S, rng), 2)
    confidence = SPEECH_CONFIDENCE if utterance.is_speech else NOISE_CONFIDENCE
    final = replace(
        blank,
        is_final=True,
        # One that was cut for its length ends in mid-sentence, not in a pause.
        end_of_utterance=utterance.words[-1].text[-1] in ".?!",
        start_s=utterance.words[0].start_s,
        end_s=end_s,
        confidence=round(_between(confidence, rng), 2),
    )
    first = [word.misheard or word.text for word in utterance.words]
    second = [word.text for word in utterance.words]
    yield Sent(send_s=send_s, segment=_worded(final, first, utterance.words))
    if second != first:
        yield Sent(
            send_s=round(send_s + CORRECTED_AFTER_S, 2),
            segment=_worded(final, second, utterance.words),
        )


def _worded(
    final: CaptionSegment, texts: Sequence[str], spoken: Sequence[SpokenWord]
) -> CaptionSegment:
    words = tuple(
        Word(text=text, start_s=word.start_s, end_s=word.end_s)
        for text, word in zip(texts, spoken, strict=True)
    )
    return replace(final, text=" ".join(texts), words=words)


def _posted(waiting: Sequence[Sent], rng: Random) -> Iterator[Sent]:
    """Number and date what is sent, and send some finals twice."""
    for sequence, sent in enumerate(waiting):
        last = sequence == len(waiting) - 1
        segment = replace(
            sent.segment,
            sequence=sequence,
            emitted_at=STARTED_AT + timedelta(seconds=sent.send_s),
            end_of_stream=last,
        )
        yield Sent(send_s=sent.send_s, segment=segment)
        if segment.is_final and not last and rng.random() < SENT_TWICE:
            again_s = round(sent.send_s + SENT_TWICE_AFTER_S, 2)
            if again_s >= waiting[-1].send_s:
                continue  # nothing is sent after the end of the stream
            again = STARTED_AT + timedelta(seconds=again_s)
            yield Sent(send_s=again_s, segment=replace(segment, emitted_at=again))


def _confused(word: str, vocabulary: Sequence[str], rng: Random) -> str:
    """Return another word of the talk that sounds a little like this one."""
    bare = _bare(word)
    alike = [
        other
        for other in vocabulary
        if other[0] == bare[0] and other != bare and abs(len(other) - len(bare)) <= 1
    ]
    return alike[int(rng.random() * len(alike))] if alike else bare


def _bare(word: str) -> str:
    return word.rstrip(".,?!")


def _between(bounds: tuple[float, float], rng: Random) -> float:
    lowest, highest = bounds
    return lowest + (highest - lowest) * rng.random()
