"""Which words of a guess are believed at first sight: rule 9."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.captions import CaptionFinal, CaptionRevised, CaptionUpdated
from schemas.segment import CaptionSegment
from workers.core.merging import MergeSettings, MergeState, step
from workers.core.merging.heard import Heard
from workers.core.merging.stability import (
    LONG_PROVEN,
    OPEN_WORDS,
    PROVEN,
    believed,
    judged,
)
from workers.core.merging.state import Channel, Run

WORDS = [f"w{n}" for n in range(12)]


class Talking:
    """Says utterances of twelve words, one guess after the other."""

    def __init__(self):
        self.state = MergeState(stream_id="s", life="0-7")
        self.number = 0
        self.told = []

    def say(self, *guesses, final=WORDS):
        """Send guesses, each a list of words, then a final of twelve words."""
        start_s = 10.0 * self.number
        for place, words in enumerate([*guesses, final]):
            segment = CaptionSegment(
                stream_id="s",
                segment_id=f"u{self.number}",
                text=" ".join(words),
                start_s=start_s,
                end_s=start_s + 0.3 * len(words),
                is_final=place == len(guesses),
                end_of_utterance=place == len(guesses),
            )
            self.state, told = step(self.state, segment, 0, MergeSettings())
            self.told += told
        self.number += 1

    def stable(self):
        """Return how many words the last guess told of was promised."""
        last = [one for one in self.told if isinstance(one, CaptionUpdated)][-1]
        return len(last.text[: last.stable].split())

    def revised(self):
        return [one for one in self.told if isinstance(one, CaptionRevised)]


def test_at_first_nothing_is_believed_before_a_second_guess_agrees():
    talking = Talking()
    talking.say(WORDS[:8])
    assert talking.stable() == 0


def test_who_never_took_a_word_back_is_believed_but_for_the_last_words():
    talking = Talking()
    for _ in range(PROVEN):
        talking.say(WORDS[:4])
    talking.say(WORDS[:8])
    assert talking.stable() == 8 - OPEN_WORDS


def test_one_word_stays_open_where_nothing_was_taken_back_for_long():
    talking = Talking()
    for _ in range(LONG_PROVEN):
        talking.say(WORDS[:4])
    talking.say(WORDS[:8])
    assert talking.stable() == 7


def test_as_many_words_stay_open_as_were_ever_taken_back_and_one_more():
    talking = Talking()
    for _ in range(PROVEN):
        talking.say([*WORDS[:2], "no", "such", "thing"], WORDS[:8])
    talking.say(WORDS[:9])
    assert talking.stable() == 9 - 4


def test_who_moves_the_beginning_of_a_guess_is_not_believed():
    talking = Talking()
    for _ in range(PROVEN):
        talking.say(WORDS[2:6])
    talking.say(WORDS[:8])
    assert talking.stable() == 0


def test_a_final_shorter_than_its_guess_takes_nothing_back():
    channel = Channel(None, runs=(Run("u", tuple(map(Heard, WORDS[:6]))),))
    short = Run("u", tuple(map(Heard, WORDS[:4])), final=True)
    assert judged(channel, short)[:2] == (0, 1)


def test_a_deep_change_is_forgotten_in_the_long_run():
    deepest, compared = 5, PROVEN
    guess = Run("u", tuple(map(Heard, WORDS[:3])))
    more = Run("u", tuple(map(Heard, WORDS[:6])))
    for _ in range(2 * LONG_PROVEN):
        channel = Channel(None, runs=(guess,), deepest=deepest, compared=compared)
        deepest, compared, _ = judged(channel, more)
    assert deepest == 2
    assert believed(deepest, compared, 6) == 3


def test_a_guess_sent_again_is_no_second_hypothesis():
    talking = Talking()
    talking.say(WORDS[:6], WORDS[:6])
    assert talking.stable() == 0
    assert talking.state.channels[0].compared == 1


@given(st.integers(1, 4), st.data())
def test_no_promise_is_broken_that_the_recogniser_gave_no_cause_to_doubt(deep, data):
    """Once it has shown how many words it takes back, it may always do so."""
    talking = Talking()
    wrong = ["no"] * deep
    for _ in range(PROVEN):
        talking.say([*WORDS[:3], *wrong], WORDS[:8])
    for _ in range(4):
        # So far apart that only wrong words are taken back, and no two agree in them.
        first = data.draw(st.integers(1, 4))
        sizes = range(first, 13, data.draw(st.integers(deep, 5)))
        guesses = []
        for place, size in enumerate(sizes):
            taken = data.draw(st.integers(0, min(deep, size)))
            guesses.append([*WORDS[: size - taken], *[f"so{place}"] * taken])
        talking.say(*guesses)
    assert talking.revised() == []
    finals = [one.text for one in talking.told if isinstance(one, CaptionFinal)]
    assert finals == [" ".join(WORDS)] * (PROVEN + 4)
