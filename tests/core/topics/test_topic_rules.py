"""The rules that a step is made of: score, decision, counts, names, returns."""

import math
from collections import Counter
from itertools import pairwise

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.core.topics.topic_talks import (
    LIFE,
    PlainLanguage,
    captions,
    noise,
    plain_model,
    sentences,
)
from workers.core.topics import TopicSettings, TopicState, step
from workers.core.topics.company import company
from workers.core.topics.counts import add_sentences
from workers.core.topics.decision import (
    add_score,
    after_change,
    bar,
    decide,
    fixed_bar,
    nearest,
    place_of,
    reach,
)
from workers.core.topics.evidence import every
from workers.core.topics.evidence.history import LONGEST, add, compare
from workers.core.topics.evidence.similarities import History
from workers.core.topics.finished import finish
from workers.core.topics.hearing import hear
from workers.core.topics.kept.counted import Counts
from workers.core.topics.kept.earlier import Earlier
from workers.core.topics.kept.heard import Hearing, Speaker
from workers.core.topics.kept.names import Names, Ranked
from workers.core.topics.kept.open_topic import OpenTopic, Verdict
from workers.core.topics.kept.opening import NO_OPENING
from workers.core.topics.kept.picker import Picker
from workers.core.topics.kept.sentence import Sentence
from workers.core.topics.labels import name, rank
from workers.core.topics.language import DIMENSIONS
from workers.core.topics.lexicon import Lexicon
from workers.core.topics.lifecycle import NEXT, advance
from workers.core.topics.recurrence import MAX_EARLIER, add_topic, direction, returns_to
from workers.core.topics.recut import recut
from workers.core.topics.score import contributions, probability
from workers.core.topics.weights import Feature, Weights, WeightsFile
from workers.core.topics.words import stem
from workers.language.load import load_topic_model, load_weights

LEXICON = Lexicon(PlainLanguage())


def picked(scores, sentences_per_topic, speakers=()):
    """Return the gaps decided to be changes, gap 1 having the first score."""
    picker = add_score(Picker(), (), 0.0)
    found = []
    last = 0
    for score in scores:
        picker = add_score(picker, (0.0,), score)
        while picker.next_decision + reach(sentences_per_topic) < picker.next_gap:
            gap = picker.next_decision
            picker, changes = decide(picker, last, sentences_per_topic, speakers)
            if changes:
                found.append(gap)
                last = gap
    return found


SCORES = st.lists(st.floats(-12, 6), max_size=300)


@given(SCORES, st.integers(5, 120))
def test_changes_are_peaks_and_never_too_near(scores, size):
    found = picked(scores, size)
    side = reach(size)
    for gap in found:
        around = scores[max(0, gap - 1 - side) : gap + side]
        assert round(scores[gap - 1], 4) == round(max(around), 4)
    for one, other in zip([0, *found], found, strict=False):
        assert other - one >= nearest(size)


@given(SCORES, st.floats(-12, 6))
def test_what_comes_later_changes_no_decision(scores, more):
    found = picked(scores, 40)
    assert picked([*scores, more], 40)[: len(found)] == found


def test_about_one_change_comes_out_for_each_topic_asked_for():
    """Of scores that are as those of real talk, but nothing else than noise."""
    chance = np.random.default_rng(1)
    scores = list(chance.normal(-5.7, 1.5, 4000))
    for size in (25, 50, 100):
        assert 0.5 < len(picked(scores, size)) * size / 4000 < 2


def test_half_of_the_bar_follows_the_talk():
    assert bar([3.0], 1, 100, ()) - bar([1.0], 1, 100, ()) == pytest.approx(1)


def sharing(*sentences):
    return tuple(Speaker(str(n), count, 0) for n, count in enumerate(sentences))


@pytest.mark.parametrize(
    ("speakers", "expected"),
    [
        ((), 0.13),
        (sharing(80), 0),
        (sharing(50, 50), 0),
        (sharing(90, 5, 5), 0),
        (sharing(25, 25, 25, 25), 1),
        (sharing(*[9] * 16), 1.3),
    ],
)
def test_company_is_how_many_share_the_talk(speakers, expected):
    assert company(speakers) == pytest.approx(expected)


def test_whoever_says_little_is_little_company():
    assert 0 < company(sharing(40, 40, 8, 8)) < company(sharing(40, 40, 20, 20)) < 1


def test_in_company_and_for_longer_topics_more_is_asked_for():
    assert fixed_bar(100, sharing(9, 9, 9, 9)) - fixed_bar(100, sharing(9)) == 1.5
    bars = [fixed_bar(size, ()) for size in (10, 30, 100, 300)]
    assert bars == sorted(bars)
    steps = [other - one for one, other in pairwise(bars)]
    assert steps == pytest.approx([0.2 * math.log(10 / 3 * n) for n in (0.9, 1, 0.9)])


def test_those_who_spoke_are_who_is_asked_after_live_and_at_the_end(monkeypatch):
    asked = []

    def spy(speakers):
        asked.append({one.name for one in speakers})
        return company(speakers)

    monkeypatch.setattr("workers.core.topics.decision.company", spy)
    texts = sentences([0, 1], 40)
    said = [
        replace(event, speaker="ABC"[n % 3]) for n, event in enumerate(captions(texts))
    ]
    model = plain_model()
    state = TopicState(stream_id="talk", life=LIFE)
    for event in said:
        state, _ = step(state, event, model)
    names = {one.name for one in state.hearing.speakers}
    assert len(names) == 3
    assert asked[-1] == names
    asked.clear()
    recut(finish(said, model), model)
    assert asked == [names]


@given(SCORES, st.integers(20, 120))
def test_a_meeting_has_no_more_changes_in_its_beginning_than_a_talk(scores, size):
    """Where the bar is the fixed one."""
    alone = picked(scores[: min(60, size)], size)
    meeting = picked(scores[: min(60, size)], size, sharing(9, 9, 9, 9))
    assert len(meeting) <= len(alone)


def test_a_second_change_is_soon_as_easy_as_the_first():
    asked = [after_change(since, 30) for since in (4, 12, 30)]
    assert asked == sorted(asked, reverse=True)
    assert asked[0] > 0.25
    assert asked[-1] < 0.02


def test_shorter_topics_may_be_nearer():
    assert [nearest(size) for size in (5, 30, 100, 1000)] == [4, 4, 8, 25]


def test_where_words_were_not_counted_news_weighs_more_and_likeness_less():
    weights = load_topic_model().sure
    kinds = tuple([1.0] * len(each) for each in every.names(weights.look_ahead))
    counted = contributions(weights, kinds)
    flat = contributions(weights, kinds, counted=False)
    ratios = {
        kind: two / one
        for kind, one, two in zip(every.KINDS, counted, flat, strict=True)
    }
    assert ratios.pop("novelty") == pytest.approx(1.8)
    assert ratios.pop("contrast") == pytest.approx(0.6)
    assert set(ratios.values()) == {1.0}


def test_a_score_is_found_again_while_it_is_kept():
    picker = add_score(Picker(), (), 0.0)
    for score in range(12):
        picker = add_score(picker, (float(score),), float(score))
    assert picker.scores[place_of(picker, 12)] == 11.0
    assert picker.scores[place_of(picker, 4)] == 3.0


def test_a_score_adds_up_from_its_kinds():
    file = load_weights(8)
    weights = Weights.of(file, 0.0)
    names = every.names(8)
    chance = np.random.default_rng(2)
    kinds = tuple(list(chance.normal(size=len(kind))) for kind in names)
    expected = file.bias + sum(
        (value - file.features[key].mean)
        / file.features[key].scale
        * file.features[key].coefficient
        for kind, values in zip(names, kinds, strict=True)
        for key, value in zip(kind, values, strict=True)
    )
    assert math.isclose(weights.bias + sum(contributions(weights, kinds)), expected)


@pytest.mark.parametrize("change", ["missing", "extra", "flat"])
def test_weights_of_other_features_are_refused(change):
    file = load_weights(8)
    features = dict(file.features)
    if change == "missing":
        features.pop("pause")
    elif change == "extra":
        features["mood"] = Feature(0, 1, 1)
    else:
        features["pause"] = Feature(0, 0, 1)
    other = WeightsFile(file.name, file.look_ahead, file.bias, features)
    with pytest.raises(ValueError, match="recipe-8"):
        Weights.of(other, 0.0)


@given(st.lists(st.floats(-1, 1), max_size=500))
def test_a_history_forgets_the_oldest_and_keeps_its_sums(similarities):
    history = History()
    for similarity in similarities:
        history = add(history, similarity)
    kept = [round(s * 127) for s in similarities[-LONGEST:]]
    assert list(history.steps) == [step + 128 for step in kept]
    assert (history.total, history.squares) == (sum(kept), sum(s * s for s in kept))


def test_what_is_less_alike_than_usual_lies_deep_and_below():
    history = History()
    for similarity in (0.5, 0.6, 0.5, 0.6) * 10:
        history = add(history, similarity)
    depth, z = compare(history, 0.1, 16)
    assert abs(depth - 0.5) < 0.01
    assert z > 3
    assert compare(history, 0.9, 16)[0] == 0.0


WORDS = [f"word{one}{two}" for one in "abcdefg" for two in "abcdefghij"]
TALK = st.lists(st.lists(st.sampled_from(WORDS), max_size=8), max_size=60)


@given(TALK)
def test_counts_err_only_by_what_they_admit(talk):
    sentences = [Sentence(n, ",".join(words)) for n, words in enumerate(talk)]
    counts = Counts()
    for sentence in sentences:
        counts = add_sentences(counts, [sentence], LEXICON)
    true = Counter(stem(word) for words in talk for word in words)
    for word in counts.words:
        assert word.sure <= true[stem(word.form)] <= word.count


def test_more_words_than_there_is_room_for_leave_a_doubt():
    counts = Counts()
    for number in range(4):
        said = ",".join(f"word{chr(97 + number)}{chr(97 + n)}" for n in range(20))
        counts = add_sentences(counts, [Sentence(number, said)], LEXICON)
    assert counts.words_floor > 0
    newest = counts.words[-1]
    assert (newest.count, newest.sure) == (1 + newest.error, 1)
    assert newest.error > 0


def test_frequent_words_survive_a_stream_of_rare_ones():
    counts = Counts()
    for number in range(200):
        rare = ",".join(f"rare{chr(97 + number % 26)}{chr(97 + n)}x" for n in range(6))
        counts = add_sentences(counts, [Sentence(0, f"{rare},yacht race")], LEXICON)
    assert rank(counts, {}, 0)[0].phrase == "yacht race"
    assert len(counts.words) <= 32


def test_a_name_is_widened_to_the_phrase_it_stands_in():
    said = [Sentence(0, "village idiot,clever"), Sentence(1, "village idiot")] * 2
    ranked = rank(add_sentences(Counts(), said, LEXICON), {}, 0)
    assert name(ranked, None) == Names("village idiot", ("village idiot", "clever"))


def test_words_that_may_not_name_a_topic_do_not():
    said = [Sentence(0, "ok yacht ok")] * 3  # too short, for this language
    ranked = rank(add_sentences(Counts(), said, LEXICON), {}, 0)
    assert [one.phrase for one in ranked] == ["yacht"]


def test_what_a_topic_is_said_to_be_at_its_beginning_counts_twice():
    said = [Sentence(0, "sourdough starter"), *[Sentence(1, "flour,oven")] * 2]
    plain = rank(add_sentences(Counts(), said, LEXICON), {}, 0)
    assert "sourdough starter" not in [one.phrase for one in plain]
    opened = rank(add_sentences(Counts(), said, LEXICON, opening=1), {}, 0)
    assert "sourdough starter" in [one.phrase for one in opened]


@given(TALK, st.integers(-3, 12))
def test_a_topic_counted_in_parts_is_counted_as_a_whole(talk, opening):
    sentences = [Sentence(n, ",".join(words[:2])) for n, words in enumerate(talk[:12])]
    whole = add_sentences(Counts(), sentences, LEXICON, opening)
    counts = Counts()
    for place, sentence in enumerate(sentences):
        counts = add_sentences(counts, [sentence], LEXICON, opening - place)
    assert counts == whole


def test_of_two_phrases_as_common_the_one_that_ends_with_its_thing_is_the_name():
    said = [Sentence(0, "hung wind chimes"), Sentence(1, "chimes")]
    ranked = rank(add_sentences(Counts(), said, LEXICON, opening=1), {}, 0)
    assert ranked[0].phrase == "wind chimes"


def test_words_of_earlier_topics_name_less():
    said = [Sentence(0, "yacht,harbour")] * 3
    counts = add_sentences(Counts(), said, LEXICON)
    assert rank(counts, {"yacht": 2}, 2)[0].phrase == "harbour"


def ranked_as(*phrases):
    return [
        Ranked(phrase, stem(phrase.split(" ")[0]), 10.0 - 0.5 * place)
        for place, phrase in enumerate(phrases)
    ]


def test_a_name_stays_while_it_is_nearly_the_best():
    old = name(ranked_as("yacht race", "wind", "keel"), None)
    assert name(ranked_as("wind", "yacht race", "keel"), old) == old


def test_one_new_keyphrase_is_not_worth_telling_but_two_are():
    old = name(ranked_as("yacht race", "wind", "keel", "mast"), None)
    assert name(ranked_as("yacht race", "wind", "rope", "mast"), old) == old
    new = name(ranked_as("yacht race", "rope", "deck", "mast"), old)
    assert new.label == old.label
    assert set(new.keyphrases) == {"yacht race", "rope", "deck", "mast"}


def test_a_name_goes_when_the_talk_has_left_it():
    old = name(ranked_as("yacht race", "wind", "keel"), None)
    new = name(ranked_as("oven", "flour", "yeast", "rye"), old)
    assert new.label == "oven, flour"


def test_a_name_grows_into_a_phrase():
    old = name(ranked_as("yacht", "wind"), None)
    assert name(ranked_as("yacht race", "wind"), old).label == "yacht race"


def test_a_topic_without_words_keeps_its_name():
    old = Names("yacht", ("yacht",))
    assert name([], old) == old
    assert name([], None) is None


NONE = np.zeros(DIMENSIONS)


def earlier_of(*names):
    earlier = Earlier()
    for number, topic in enumerate(names, 1):
        earlier = add_topic(earlier, number, direction(noise(topic), 1, NONE), "", None)
    return earlier


def test_a_topic_returns_to_the_one_it_is_unusually_close_to():
    earlier = earlier_of("a", "b", "c", "d")
    close = direction(noise("b") + 0.7 * noise("new"), 1, NONE)
    assert returns_to(earlier, close) == 2
    assert returns_to(earlier, direction(noise("new"), 1, NONE)) is None


def test_the_topic_just_before_is_not_returned_to():
    assert returns_to(earlier_of("a", "b"), direction(noise("b"), 1, NONE)) is None


def test_where_all_topics_are_alike_being_alike_is_no_return():
    names = [noise("same") * 2 + noise(str(n)) for n in range(8)]
    earlier = Earlier()
    for number, vector in enumerate(names, 1):
        earlier = add_topic(earlier, number, direction(vector, 1, NONE), "", None)
    new = direction(noise("same") * 2 + noise("new"), 1, NONE)
    assert returns_to(earlier, new) is None


def test_only_so_many_earlier_topics_are_kept():
    earlier = earlier_of(*map(str, range(30)))
    assert [topic.number for topic in earlier.topics] == list(range(19, 31))
    assert len(earlier.topics) == MAX_EARLIER
    assert all(len(topic.vector) == DIMENSIONS // 2 for topic in earlier.topics)


def test_silence_has_no_direction():
    silent = direction(NONE, 0, NONE)
    assert not silent.any()
    assert returns_to(earlier_of("a", "b"), silent) is None


def test_what_the_table_of_a_topics_life_does_not_name_cannot_happen():
    topic = OpenTopic(1, 0, 0, None, Verdict(0.0, "m", (), None))
    kinds = {kind for _, kind in NEXT}
    phases = {phase for phase, _ in NEXT} | set(NEXT.values())
    for phase in phases:
        for kind in kinds:
            begun = msgspec.structs.replace(topic, phase=phase)
            if (phase, kind) in NEXT:
                after, message = advance(begun, kind, stream_id="s", life="l")
                assert after.phase == NEXT[phase, kind]
                assert message.revision == 0
                assert after.events == 1
            else:
                with pytest.raises(KeyError):
                    advance(begun, kind, stream_id="s", life="l")


@given(st.lists(st.floats(0, 40), min_size=1, max_size=260), st.floats(0.5, 240))
def test_minutes_are_counted_by_the_pace_of_the_stream(gaps_s, minutes):
    hearing, end_s = Hearing(), 0.0
    for number, gap_s in enumerate(gaps_s):
        end_s += gap_s
        (caption,) = captions(["word"])
        caption = replace(caption, start_s=None, end_s=end_s)
        hearing, _ = hear(hearing, caption, number, NO_OPENING)
    assert 0.1 <= hearing.pace_s <= 30
    assert min([5.4, *gaps_s]) - 0.01 <= hearing.pace_s <= max([5.4, *gaps_s]) + 0.01
    model = load_topic_model(TopicSettings(minutes_per_topic=minutes), PlainLanguage())
    size = model.sentences_per_topic(hearing.pace_s)
    assert size == min(10_000, max(5, round(minutes * 60 / hearing.pace_s)))


def test_without_minutes_the_pace_does_not_matter():
    model = load_topic_model(TopicSettings(sentences_per_topic=40), PlainLanguage())
    assert {model.sentences_per_topic(pace_s) for pace_s in (0.1, 5, 30)} == {40}


@given(st.floats(-500, 500), st.floats(-500, 500))
def test_a_score_is_a_probability_that_grows_with_the_evidence(one, other):
    weights = Weights.of(load_weights(16), 0.0)
    low, high = sorted((one, other))
    assert 0 <= probability(weights, low) <= probability(weights, high) <= 1
