"""Evidence against the plainest way to compute it, over whole documents at once."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.captions import CaptionFinal
from tests.core.topics.topic_talks import LIFE, captions, plain_model, sentences
from workers.core.topics import TopicState, changes, step
from workers.core.topics.cues import ANNOUNCES, BIT, QUESTION, THANKS
from workers.core.topics.evidence import every
from workers.core.topics.evidence.similarities import History
from workers.core.topics.hearing import MAX_SPEAKERS, hear
from workers.core.topics.kept.heard import Hearing
from workers.core.topics.kept.opening import NO_OPENING, Opening
from workers.core.topics.kept.sentence import UNITS, VECTOR_UNITS, Sentence
from workers.core.topics.sums import Sums
from workers.core.topics.utterances import whole
from workers.core.topics.words import plain

TALK = [
    msg
    for n, msg in enumerate(
        captions(sentences([0, 1, 0, 2], 30, seed=5), speaker="Ann")
    )
    if n % 7 != 3
]
MODEL = plain_model()


@pytest.fixture(scope="module")
def measured():
    """Return the features of each scored gap, by look-ahead, gap and name."""
    found = {8: {}, 16: {}}
    original = changes.every.values

    def spy(sums, openings, gap, look_ahead, usual, histories):
        kinds, grown = original(sums, openings, gap, look_ahead, usual, histories)
        names = [name for kind in every.names(look_ahead) for name in kind]
        values = [value for kind in kinds for value in kind]
        found[look_ahead][gap] = dict(zip(names, values, strict=True))
        return kinds, grown

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(changes.every, "values", spy)
        state = TopicState(stream_id="talk", life=LIFE)
        for event in TALK:
            state, _ = step(state, event, MODEL)
    return found


def meanings():
    kept = [MODEL.lexicon.keep(event.text, "en")[0] for event in TALK]
    return [MODEL.lexicon.meaning(Sentence(0, words)) for words in kept]


@pytest.mark.parametrize(("look_ahead", "after"), [(8, 8), (16, 8), (16, 16)])
def test_similarity_is_the_cosine_of_windows_with_the_background_taken_out(
    measured, look_ahead, after
):
    vectors = np.array([m.vector / VECTOR_UNITS for m in meanings()])
    masses = np.array([m.mass / UNITS for m in meanings()])
    for gap, features in measured[look_ahead].items():
        heard = gap + look_ahead
        usual = vectors[:heard].sum(0) / masses[:heard].sum()
        windows = [slice(max(0, gap - 32), gap), slice(gap, gap + after)]
        one, two = (vectors[w].sum(0) - 0.7 * usual * masses[w].sum() for w in windows)
        cosine = one @ two / (np.linalg.norm(one) * np.linalg.norm(two) + 1e-6)
        assert abs(features[f"similarity_32_{after}"] - cosine) < 1e-4
        left, right = (masses[w].sum() for w in windows)
        gain = (1 - cosine) * math.sqrt(left * right / (left + right)) / 3
        assert abs(features[f"gain_32_{after}"] - gain) < 1e-3


@pytest.mark.parametrize("look_ahead", [8, 16])
def test_novelty_is_the_share_of_word_mass_not_heard_lately(measured, look_ahead):
    stems = [m.stems for m in meanings()]
    for gap, features in measured[look_ahead].items():
        lately = {stem for heard in stems[max(0, gap - 40) : gap] for stem in heard}
        total = new = again = 0
        seen = set()
        for heard in stems[gap : gap + 8]:
            for stem, units in heard.items():
                if stem in seen:
                    again += units
                else:
                    total += units
                    new += 0 if stem in lately else units
                seen.add(stem)
        assert math.isclose(features["novelty_8_40"], new / (total + UNITS))
        repeated = min(again, total) / (total + UNITS)
        assert math.isclose(features["repetition_8_40"], repeated)


def test_wording_reads_the_sentences_before_at_and_after_the_gap(measured):
    heard = [MODEL.language.sentence_vector(event.text) for event in TALK]
    for gap, features in measured[16].items():
        if gap > 0:
            around = (heard[gap - 1], heard[gap], heard[gap + 1])
            expected = sum(
                float(row @ vector)
                for row, vector in zip(MODEL.wording, around, strict=True)
            )
            assert abs(features["wording"] - expected) < 3e-3


def opening(bits=0, length=0):
    return Opening(0.0, bits, "", length, (0.0, 0.0, 0.0))


def test_cues_and_questions_are_told_apart_by_where_they_stand():
    thanks, asked = BIT["courtesy"], QUESTION
    around = [NO_OPENING, opening(thanks), opening(), opening(asked), opening()]
    cues, form = every.phrases.values(around)
    told = dict(zip(every.phrases.CUE_NAMES, cues, strict=True))
    told |= dict(zip(every.phrases.FORM_NAMES, form, strict=True))
    assert {name for name, value in told.items() if value} == {
        "courtesy_before",
        "question_after",
    }


def test_lengths_are_logarithms_of_words():
    around = [opening(length=n) for n in (1, 2, 3, 4, 5)]
    _, form = every.phrases.values(around)
    assert form[3:] == [math.log1p(3), math.log1p(2), math.log1p(1)]


def said_by(speakers, asked=()):
    """Return the hearing and the openings after sentences of these speakers."""
    hearing, openings = Hearing(), []
    for index, speaker in enumerate(speakers):
        event = CaptionFinal(
            stream_id="talk",
            caption_id=f"{LIFE}.c{index}",
            revision=0,
            text="",
            stable=0,
            speaker=speaker,
        )
        bits = QUESTION if index in asked else 0
        hearing, heard = hear(hearing, event, index, opening(bits))
        openings.append(heard)
    return hearing, openings


def test_a_speaker_is_known_by_turns_share_and_questions():
    _, openings = said_by(["Ann", "Bob", "Bob", "Bob", "Ann", "Ann"], asked={0, 4})
    last, newest = openings[4], openings[5]
    assert [one.speaker_changes for one in openings] == [0, 1, 0, 0, 1, 0]
    assert last.turn_before == 3
    assert last.share == round(1 / 5, 4)
    assert last.asks == round(2 / 5 - 2 / 8, 4)
    assert newest.asks == round(3 / 6 - 3 / 9, 4)
    values = dict(
        zip(every.speakers.NAMES, every.speakers.values(last, 6), strict=True)
    )
    assert math.isclose(values["speaker_asks"], 3 * last.asks)
    assert math.isclose(values["turn_before"], math.log1p(3))
    assert math.isclose(values["turn_words"], math.log1p(6))
    assert every.speakers.values(newest, 0)[-1] == 0


def turns_of(speakers, lengths, bits=()):
    """Return openings of sentences by these speakers, of so many words."""
    told = dict(bits)
    hearing, found = Hearing(), []
    for index, (name, length) in enumerate(zip(speakers, lengths, strict=True)):
        event = captions(["x"], speaker=name)[0]
        one = opening()
        one = replace(one, length=length, bits=told.get(index, 0))
        hearing, one = hear(hearing, whole(event, index), index, one)
        found.append(one)
    return tuple(found)


def featured(openings, gap, look_ahead=16):
    sums = Sums(0)
    for _ in openings:
        sums.grow(Sentence(0, ""), MODEL.lexicon)
    kinds, _ = every.values(
        *(sums, openings, gap, look_ahead, np.zeros(256), (History(),) * 2)
    )
    names = [name for kind in every.names(look_ahead) for name in kind]
    return dict(zip(names, [one for kind in kinds for one in kind], strict=True))


def test_a_turn_is_as_long_as_it_was_heard():
    openings = turns_of("ABBAAAA", [5, 7, 9, 4, 3, 2, 1])
    told = [featured(openings, gap)["turn_words"] for gap in range(7)]
    words = [0, 16, 0, 10, 0, 0, 0]
    assert told == [math.log1p(count) for count in words]
    ahead = featured(turns_of("A" + "B" * 20, [1] * 21), 1)["turn_words"]
    assert ahead == math.log1p(16)


@pytest.mark.parametrize(
    ("name", "place", "bits"),
    [
        ("announced_here", 2, ANNOUNCES),
        ("announced_at_turn", 2, ANNOUNCES),
        ("asked_at_turn", 2, BIT["asking"]),
        ("thanks_after_turn", 3, THANKS),
    ],
)
def test_what_is_said_where_the_word_is_taken_is_a_feature_of_its_own(
    name, place, bits
):
    lengths = [3] * 6
    taken = featured(turns_of("AABBBB", lengths, [(place, bits)]), 2)
    goes_on = featured(turns_of("AAAAAA", lengths, [(place, bits)]), 2)
    silent = featured(turns_of("AABBBB", lengths), 2)
    assert taken[name] > 0
    assert silent[name] == 0
    assert (goes_on[name] > 0) == (name == "announced_here")


def test_sentences_without_a_speaker_tell_nothing_of_speakers():
    _, openings = said_by([None, None, None], asked={1})
    assert not any(value for one in openings for value in every.speakers.values(one, 9))


@given(st.lists(st.integers(0, 99), max_size=60, unique=True))
def test_only_so_many_speakers_are_kept_and_the_host_among_them(guests):
    names = [name for n in guests for name in ("host", f"guest {n}", "host")]
    hearing, openings = said_by(names)
    assert len(hearing.speakers) == min(len({*names}), MAX_SPEAKERS)
    if guests:
        assert max(one.sentences for one in hearing.speakers) >= 2 * len(guests)
        assert all(0 <= one.share <= 1 for one in openings)


def test_a_pause_counts_against_the_usual_pause():
    hearing, pauses = Hearing(), []
    for index, start_s in enumerate([0.0, 2.0, 4.0, 6.0, 15.0]):
        event = CaptionFinal(
            stream_id="talk",
            caption_id=f"{LIFE}.c{index}",
            revision=0,
            text=plain("x"),
            stable=0,
            start_s=start_s,
            end_s=start_s + 1,
        )
        hearing, heard = hear(hearing, event, index, opening())
        pauses.append(heard.pause)
    usual = (3 * math.log1p(1) + math.log1p(8)) / 5
    assert abs(pauses[-1] - (math.log1p(8) - usual)) < 1e-3
    assert pauses[0] == 0
