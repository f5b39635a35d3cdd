from itertools import pairwise, takewhile

from hypothesis import given
from hypothesis import strategies as st

from tests.core.quality.live import final, hear, interim
from workers.core.figures.changes import change, word_count
from workers.core.merging.sight import UNSEEN, Seen


def words(*texts):
    """A caption whose text was each of *texts* in turn; the last one is final."""
    before, changes = UNSEEN, []
    for place, text in enumerate(texts):
        now = Seen(text, 0, place == len(texts) - 1)
        changes.append(change(before, now))
        before = now
    total = changes[0]
    for one in changes[1:]:
        total = total.plus(one)
    return total


def stability(*segments):
    return hear(*segments).end().metrics[-1].whole_life.stability


def test_text_that_grows_erases_nothing():
    grown = words("the cat", "the cat sat", "the cat sat on")
    assert (grown.erased, grown.unstable, grown.added, grown.updates) == (0, 0, 4, 3)


def test_a_last_word_that_grows_is_not_erased():
    assert words("some", "something", "something else").erased == 0


def test_a_changed_word_erases_itself_and_all_that_follows_it():
    changed = words("the cat sat on", "the hat sat on a mat")
    assert changed.erased == 3
    assert changed.added == 4 + 5


def test_case_and_punctuation_are_erased_on_the_screen_but_are_no_other_words():
    changed = words("we go home", "We go home.")
    assert changed.erased == 3
    assert changed.unstable == 0


def test_a_word_that_grows_after_a_change_of_case_is_not_unstable():
    assert words("we go some", "We go somewhere").unstable == 0


def test_words_that_are_cut_off_are_unstable():
    assert words("we go home now", "we go").unstable == 2


def test_the_last_of_the_open_texts_is_compared_with_the_final_one():
    assert words("the cat", "the hat").unstable == 1


def test_what_is_revised_after_it_was_final_is_erased_but_was_no_partial():
    revised = change(Seen("fifteen boats", 13, True), Seen("fifty boats", 11, False))
    assert (revised.erased, revised.unstable) == (2, 0)


def test_only_the_stable_part_counts_for_stable_erasure():
    before = Seen("the cat sat on", 7)
    assert change(before, Seen("the cat lay down", 7)).stable_erased == 0
    assert change(before, Seen("the hat lay down", 7)).stable_erased == 1
    assert change(before, Seen("the cat sat on", 3)).stable_erased == 1


def test_scripts_without_spaces_have_words_too():
    assert word_count("今日はいい天気") > 3
    assert words("今日はいい", "今日は悪い").erased == 2


TEXT = st.lists(st.sampled_from("a an and the cat Cat cat, 天気 naïve".split())).map(
    " ".join
)
SEEN = st.builds(
    lambda text, part, final: Seen(
        text, len(text) if final else int(part * len(text)), final
    ),
    TEXT,
    st.floats(0, 1),
    st.booleans(),
)


@given(SEEN, SEEN)
def test_words_on_the_screen_are_those_added_less_those_erased(was, now):
    changed = change(was, now)
    on_screen = word_count(was.text) + changed.added - changed.erased
    assert on_screen == word_count(now.text)


@given(SEEN, SEEN)
def test_no_more_is_erased_than_there_was(was, now):
    changed = change(was, now)
    assert 0 <= changed.unstable <= word_count(was.text)
    assert 0 <= changed.stable_erased <= word_count(was.text[: was.stable])
    assert 0 <= changed.erased <= word_count(was.text)


@given(SEEN, TEXT)
def test_erasure_is_0_when_text_only_grows(was, more):
    text = f"{was.text} {more}".strip()
    changed = change(was, Seen(text, len(text)))
    assert (changed.erased, changed.stable_erased, changed.unstable) == (0, 0, 0)


SPACED = st.lists(st.sampled_from("a an and the cat Cat cat,".split())).map(" ".join)


@given(st.lists(SPACED, min_size=1, max_size=6))
def test_normalized_erasure_is_what_its_definition_says(texts):
    """The sum over updates of |old| - |LCP(old, new)|, but for a growing last word."""
    expected = 0
    for old, new in pairwise(texts):
        pairs = zip(old.split(), new.split(), strict=False)
        common = len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))
        expected += 0 if new.startswith(old) else len(old.split()) - common
    assert words(*texts).erased == expected


def test_a_stream_of_guesses_that_grow_has_no_erasure():
    told = stability(
        interim("good", 0, 1),
        interim("good evening and", 0, 2),
        final("good evening and welcome.", 0, 3),
    )
    assert told.normalized_erasure == told.stable_normalized_erasure == told.upwr == 0
    assert told.final_words == 4
    assert told.burstiness == round(4 / 3, 4)
    assert told.largest_burst == 2


def test_a_guess_that_was_wrong_is_told_by_all_three_ratios():
    told = stability(
        interim("good morning and", 0, 2),
        final("good evening and welcome.", 0, 3),
    )
    assert told.words_erased == told.unstable_words == 2
    assert told.normalized_erasure == told.upwr == 0.5
    assert told.stable_normalized_erasure == 0
    assert told.burstiness == (3 + 2 + 3) / 2


def test_a_stable_word_that_changes_is_told_too():
    told = stability(
        interim("no way there", 0, 1),
        interim("no way there is", 0, 2),
        final("Norway there is.", 0, 2),
    )
    assert told.stable_words_erased == len("no way".split())
    assert told.stable_normalized_erasure == round(2 / 3, 4)


def test_a_withdrawn_caption_is_erased_as_a_whole():
    told = stability(
        interim("It rains. Oh no", 0, 2, segment_id="a"),
        interim("It rains on", 0, 2, segment_id="a"),
        final("It rains on.", 0, 2, segment_id="a"),
    )
    assert told.words_erased == 1 + 2


def test_what_a_person_corrects_is_no_instability():
    told = hear(final("Fifteen boats came in.", 0, 2)).correct(0, "Fifty boats.")
    assert told.captions[-1].text == "Fifty boats."
    assert told.end().metrics[-1].whole_life.stability.words_erased == 0
