"""Cutting by the ends of sentences alone is cutting word by word, where it says so."""

from hypothesis import given
from hypothesis import strategies as st

from workers.core.merging.heard import Heard
from workers.core.merging.sentences import _by_sentences, _word_by_word
from workers.core.merging.settings import MergeSettings

TEXTS = (
    'so we say. Then Mr. Fox! 3. May he? " ) end.” U.S. … well... 「はい」 と 。'
).split()
GAPS_S = [0.0, 0.0, 0.0, 0.0, 0.3, 0.8, 0.81, -0.2]
LASTS_S = [0.2, 0.3, 0.4, 2.0, -0.1]
BOUNDS = [MergeSettings(), MergeSettings(max_chars=40, max_caption_s=3.0)]


@st.composite
def heard(draw):
    """Words with times, mostly one after the other, some without."""
    words, at_s = [], draw(st.sampled_from([0.0, 12.345]))
    for text in draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=40)):
        start_s = at_s + draw(st.sampled_from(GAPS_S))
        at_s = start_s + draw(st.sampled_from(LASTS_S))
        timed = draw(st.integers(0, 30)) > 0
        words.append(
            Heard(
                text,
                start_s if timed else None,
                at_s if timed else None,
                draw(st.integers(0, 5)) == 0,
            )
        )
    return words


@given(heard(), st.sampled_from(BOUNDS))
def test_sentences_alone_are_what_a_closer_look_finds(words, settings):
    found = _by_sentences(words, settings)
    assert found in (None, [*_word_by_word(words, (), settings)])


@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=12))
def test_short_speech_without_a_pause_needs_no_closer_look(texts):
    words = [
        Heard(text, 0.3 * place, 0.3 * (place + 1)) for place, text in enumerate(texts)
    ]
    assert _by_sentences(words, MergeSettings()) is not None
