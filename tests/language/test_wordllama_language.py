"""The language behind the topic rules, with the real word counts and vectors."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from msgspec import ValidationError

from schemas.captions import CaptionFinal, StreamEnded
from schemas.topics import TopicConfirmed, TopicEnded
from tests.core.topics.topic_talks import sentences
from workers.core.topics import TopicSettings, TopicState, step
from workers.language.load import load_topic_model, load_weights, load_wording
from workers.language.wordllama_language import WordLlamaLanguage

LANGUAGE = WordLlamaLanguage()


def test_rare_words_weigh_more_than_common_ones_and_fillers_nothing():
    weights = [LANGUAGE.weight(w, "en") for w in ("the", "house", "tokamak")]
    assert weights == sorted(weights)
    assert weights[0] < 0.1 < weights[1] < 0.7 < weights[2]
    assert LANGUAGE.weight("basically", "en") == 0
    assert LANGUAGE.weight("of", "en") == 0


def test_a_language_that_was_not_counted_has_middle_weights():
    assert not LANGUAGE.knows("fi")
    assert {LANGUAGE.weight(w, "fi") for w in ("ja", "ydinvoima", "预算")} == {0, 0.5}


def test_fillers_and_the_like_name_no_topic():
    for word in ("basically", "we've", "here's", "everybody", "thing", "minutes"):
        assert LANGUAGE.name_weight(word, "en") == 0
    for word in ("yacht", "einstein's", "budget"):
        assert LANGUAGE.name_weight(word, "en") == LANGUAGE.weight(word, "en") > 0


@pytest.mark.parametrize(
    ("language", "common", "telling"),
    [
        ("fr", "les nous pour faire donc", "europe opinion évaluation"),
        ("de", "nicht wir machen heute", "brücke bahn arbeiter"),
        ("ru", "что это мы очень", "мост экономика"),
        ("hr", "nije samo može", "most gospodarstvo"),
        ("eu", "eta bat da", "ekonomia zubia"),
    ],
)
def test_common_words_name_no_topic_in_languages_of_which_little_is_known(
    language, common, telling
):
    assert not any(LANGUAGE.name_weight(word, language) for word in common.split())
    assert all(LANGUAGE.name_weight(word, language) for word in telling.split())


def test_a_script_without_spaces_names_topics_by_pairs_of_characters():
    assert LANGUAGE.name_weight("预算", "zh") > 0


@pytest.mark.parametrize("text", ["reactor", "a b", "预算", "😀", "\x00"])
def test_vectors_are_of_unit_length(text):
    for vector in (LANGUAGE.word_vector(text), LANGUAGE.sentence_vector(text)):
        assert vector.shape == (256,)
        assert vector.dtype == np.float32
        assert abs(float(np.linalg.norm(vector)) - 1) < 1e-4


def test_nothing_said_has_no_vector():
    assert not LANGUAGE.sentence_vector("").any()


def test_words_of_one_subject_are_closer_than_words_of_two():
    oven, bread, yacht = map(LANGUAGE.word_vector, ("oven", "bread", "yacht"))
    assert oven @ bread > oven @ yacht


def test_only_the_beginning_of_endless_text_is_read():
    first = LANGUAGE.sentence_vector("bread " * 500)
    assert np.array_equal(first, LANGUAGE.sentence_vector("bread " * 500))
    longer = LANGUAGE.sentence_vector("bread " * 500 + "yacht " * 2000)
    assert np.array_equal(first, longer)


def test_the_model_is_put_together_without_loading_a_language():
    code = (
        "import sys; from workers.language.load import load_topic_model;"
        "load_topic_model();"
        "print(sorted({'wordllama', 'wordfreq'} & set(sys.modules)))"
    )
    root = str(Path(__file__).parents[2])
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=root,
        env=os.environ | {"PYTHONPATH": root},
    )
    assert ran.stdout.strip() == "[]"


def test_weights_are_those_of_their_look_ahead():
    assert [load_weights(n).look_ahead for n in (8, 16)] == [8, 16]
    assert len(load_wording().here) == 256
    with pytest.raises(FileNotFoundError):
        load_weights(7)


def test_settings_out_of_bounds_are_refused():
    with pytest.raises(ValidationError):
        load_topic_model(TopicSettings(sentences_per_topic=1))


def spoken(lines, size):
    """Return the first captions of confirmed topics, and the topics that ended."""
    model = load_topic_model(TopicSettings(sentences_per_topic=size), LANGUAGE)
    state = TopicState(stream_id="talk", life="0-1")
    told = []
    for number, (text, speaker, start_s, end_s) in enumerate(lines):
        event = CaptionFinal(
            stream_id="talk",
            caption_id=f"0-1.c{number}",
            revision=0,
            text=text,
            stable=0,
            speaker=speaker,
            start_s=start_s,
            end_s=end_s,
        )
        state, messages = step(state, event, model)
        told += messages
    end = StreamEnded(
        stream_id="talk", life="0-1", reason="silence", captions=len(lines)
    )
    told += step(state, end, model)[1]
    begun = [
        int(m.first_caption_id.rpartition(".c")[2])
        for m in told
        if isinstance(m, TopicConfirmed)
    ]
    return begun[1:], [m for m in told if isinstance(m, TopicEnded)]


@pytest.mark.parametrize("subjects", [(0, 1, 2), (3, 0, 1), (2, 3, 1)])
def test_a_talk_on_three_subjects_is_cut_in_three_within_three_sentences(subjects):
    lines = [(text, None, None, None) for text in sentences(subjects, 35)]
    begun, ended = spoken(lines, 35)
    assert len(begun) == 2
    assert abs(begun[0] - 35) <= 3
    assert abs(begun[1] - 70) <= 3
    for subject, topic in zip(subjects, ended, strict=True):
        said = " ".join(sentences((subject,), 35))
        assert all(word in said for word in topic.label.replace(",", "").split())


DATA = Path(os.environ.get("CAPTION_TOPIC_DATA", "data/topics"))


@pytest.mark.skipif(
    not any(DATA.glob("**/tinyrec.jsonl")),
    reason="no segmented talk here; CAPTION_TOPIC_DATA names its folder",
)
def test_changes_in_recorded_talk_are_found_far_better_than_by_chance():
    path = next(iter(sorted(DATA.glob("**/tinyrec.jsonl"))))
    hits = found = wanted = 0
    for line in path.read_text().splitlines()[:8]:
        talk = json.loads(line)
        lines = [
            (one["text"], one.get("speaker"), one.get("start"), one.get("end"))
            for one in talk["utterances"]
        ]
        begun, _ = spoken(lines, 60)
        true = talk["boundaries"]
        hits += sum(any(abs(gap - one) <= 10 for gap in begun) for one in true)
        found, wanted = found + len(begun), wanted + len(true)
    assert 2 * hits / (found + wanted) > 0.25  # by chance 0.2
