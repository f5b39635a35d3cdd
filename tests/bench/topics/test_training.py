"""Training: the same weights from the same talk, and what they are worth."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.core.topics.topic_talks import PlainLanguage, sentences
from workers.bench.topics.talks import TrueTalk, Utterance
from workers.bench.topics.training import (
    Trained,
    learn_only,
    leave_one_set_out,
    train,
    write,
)
from workers.bench.topics.training.calibrating import fitted
from workers.bench.topics.training.regression import fit
from workers.bench.topics.training.rows import rows, weights
from workers.core.topics import TopicModel, TopicSettings
from workers.language.load import load_topic_model, load_weights, load_wording

LANGUAGE = PlainLanguage()
MODEL = load_topic_model(TopicSettings(sentences_per_topic=25), LANGUAGE)


def talk(seed):
    """Return a talk on six subjects in turn, of 20 to 30 sentences each."""
    chance = Random(seed)
    lengths = [chance.randint(20, 30) for _ in range(6)]
    texts = [
        text
        for place, length in enumerate(lengths)
        for text in sentences([(place + seed) % 4], length, seed=seed * 10 + place)
    ]
    return TrueTalk(
        id=seed,
        utterances=tuple(Utterance(text) for text in texts),
        boundaries=tuple(int(at) for at in np.cumsum(lengths)[:-1]),
    )


SETS = {"one": [talk(1), talk(2)], "two": [talk(3), talk(4)]}


@pytest.fixture(scope="module")
def heard():
    return {
        name: [rows(name, one, MODEL, None) for one in talks]
        for name, talks in SETS.items()
    }


def model_of(trained):
    return TopicModel(
        LANGUAGE,
        trained.quick,
        trained.sure,
        trained.wording,
        TopicSettings(sentences_per_topic=25),
    )


def test_the_same_talk_gives_the_same_files_bit_for_bit(heard, tmp_path):
    files = []
    for name in ("first", "second"):
        trained = train([one for each in heard.values() for one in each], 25)
        paths = write(tmp_path / name, trained, SETS)
        files.append({path.name: path.read_bytes() for path in paths})
    assert files[0] == files[1]
    assert set(files[0]) == {
        *("recipe-8.json", "recipe-16.json", "wording.json", "provenance.json")
    }
    model = load_topic_model(None, LANGUAGE, tmp_path / "first")
    assert (model.quick.look_ahead, model.sure.look_ahead) == (8, 16)
    assert load_weights(8, tmp_path / "first") == trained.quick
    assert load_wording(tmp_path / "first") == trained.wording


def test_weights_find_the_changes_of_sets_they_were_not_trained_on(heard):
    results = leave_one_set_out(heard, model_of, lambda talks: train(talks, 25))
    assert set(results) == set(SETS)
    live = [one.agreements["live"][0] for each in results.values() for one in each]
    found, true = sum(one.found for one in live), sum(one.true for one in live)
    assert 2 * sum(one.matched[0] for one in live) / (found + true) > 0.7


HELD = Trained(load_weights(8), load_weights(16), load_wording())


def test_only_what_is_asked_for_is_learned(heard):
    talks = [one for each in heard.values() for one in each]
    names = ("novelty_8_40", "length_here")
    first, again = (learn_only(names, HELD, talks, 25) for _ in range(2))
    assert first == again
    for old, new in ((HELD.quick, first.quick), (HELD.sure, first.sure)):
        changed = {
            name for name in old.features if old.features[name] != new.features[name]
        }
        assert changed == {*names}
        assert new.bias != old.bias
    assert first.wording == HELD.wording


def test_what_was_learned_alone_is_learned_again_from_itself(heard):
    """So the shipped weights can be made again with them as what is held."""
    talks = [one for each in heard.values() for one in each]
    names = ("turn_words", "announced_here")
    once = learn_only(names, HELD, talks, 25)
    assert learn_only(names, once, talks, 25) == once


def test_a_weight_that_was_taken_away_is_learned_again(heard):
    talks = [one for each in heard.values() for one in each]
    blunt = replace(
        HELD.sure,
        features={
            name: replace(one, coefficient=0.0) if "novelty" in name else one
            for name, one in HELD.sure.features.items()
        },
    )
    held = Trained(HELD.quick, blunt, HELD.wording)
    learned = learn_only(("novelty_8_40", "novelty_16_80"), held, talks, 25)
    assert learned.sure.features["novelty_8_40"].coefficient > 0.1


def test_a_feature_of_the_longer_look_ahead_alone_changes_nothing_else(heard):
    talks = [one for each in heard.values() for one in each]
    learned = learn_only(("similarity_32_16",), HELD, talks, 25)
    assert learned.quick == HELD.quick
    assert learned.sure != HELD.sure


def test_who_had_spoken_is_known_for_each_gap():
    spoken = talk(1)
    named = tuple(
        Utterance(one.text, "ABC"[n % 3]) for n, one in enumerate(spoken.utterances)
    )
    one = rows("x", replace(spoken, utterances=named), MODEL, None)
    for ahead in (8, 16):
        heard = [
            sum(speaker.sentences for speaker in speakers)
            for speakers in one.speakers[ahead]
        ]
        size = len(named)
        assert heard == [min(size, gap + ahead) for gap in range(size)]


def test_vectors_are_of_the_text_that_is_heard_live():
    apart = TrueTalk(id=1, utterances=(Utterance("let s go"),) * 30, boundaries=(9,))
    one = rows("x", apart, MODEL, "en")
    expected = LANGUAGE.sentence_vector("let's go")
    assert np.array_equal(one.vectors[5], np.tile(expected, 3))


@pytest.mark.parametrize("name", ["mood", "wording"])
def test_a_feature_that_cannot_be_learned_alone_is_named(heard, name):
    with pytest.raises(ValueError, match=name):
        learn_only((name,), HELD, heard["one"], 25)


def test_one_talk_teaches_nothing(heard):
    with pytest.raises(ValueError, match="too few"):
        train(heard["one"][:1], 25)
    with pytest.raises(ValueError, match="too few"):
        learn_only(("turn_words",), HELD, heard["one"][:1], 25)


def test_every_set_weighs_the_same_and_the_gaps_next_door_weigh_nothing(heard):
    talks = [*heard["one"], *heard["two"][:1]]
    weigh = weights(talks)
    for one, each in zip(talks, weigh, strict=True):
        for change in one.talk.boundaries:
            assert each[change] > 0
            assert not each[[change - 2, change - 1, change + 1, change + 2]].any()
        assert each[0] == 0
    *big, small = (
        each[one.changes == 1].sum() for one, each in zip(talks, weigh, strict=True)
    )
    assert sum(big) == pytest.approx(2 * small)  # five changes weigh half of ten


@given(st.integers(0, 10_000), st.sampled_from((0.01, 0.1, 1.0, 10.0)))
@settings(max_examples=25, deadline=None)
def test_no_other_coefficients_fit_better(seed, strength):
    chance = np.random.default_rng(seed)
    features = chance.normal(size=(120, 4)) * [1, 5, 0.1, 0]
    right = (features[:, 0] + chance.normal(size=120) > 0.5).astype(float)
    weigh = chance.uniform(0, 2, size=120)
    found = fit(features, right, weigh, strength)

    def loss(coefficients, bias):
        raw = (features - found.mean) / found.scale @ coefficients + bias
        likelihood = (weigh * (np.logaddexp(0, raw) - right * raw)).sum()
        return strength * likelihood + 0.5 * (coefficients**2).sum()

    best = loss(found.coefficients, found.bias)
    for _ in range(20):
        other = found.coefficients + chance.normal(size=4) * 0.01
        assert loss(other, found.bias + chance.normal() * 0.01) >= best - 1e-9


def test_a_calibration_tells_how_often_such_a_change_is_right():
    chance = Random(3)
    scores = [chance.uniform(-6, 2) for _ in range(4000)]
    pairs = [(x, chance.random() < 1 / (1 + np.exp(-(0.5 * x + 1)))) for x in scores]
    found = fitted(pairs)
    assert found.slope == pytest.approx(0.5, abs=0.08)
    assert found.intercept == pytest.approx(1, abs=0.2)
    few = fitted(pairs[:6])
    assert (few.slope, few.intercept) == (1.0, 0.0)
