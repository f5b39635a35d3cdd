"""What ``bench topics`` tells of our own sets."""

import json

import pytest
from typer.testing import CliRunner

from workers.bench.topics import OWN_SETS, measure, read_sets, tables
from workers.bench.topics.chance import even, none, random
from workers.bench.topics.hearing import captions, hear
from workers.bench.topics.names import content
from workers.cli.main import app
from workers.core.topics import TopicSettings
from workers.core.topics.finished import finish
from workers.core.topics.recut import name_all
from workers.core.topics.words import stem
from workers.language.load import SHIPPED, load_topic_model
from workers.language.wordllama_language import WordLlamaLanguage

SETS = read_sets([OWN_SETS])
MODEL = load_topic_model(TopicSettings(sentences_per_topic=30), WordLlamaLanguage())


@pytest.fixture(scope="module")
def told():
    results = measure(SETS, MODEL, process=True)
    return {name: table.records() for name, table in tables(results).items()}


def row(told, name):
    return next(one for one in told["means"] if one["method"] == name)


def test_the_worker_finds_more_than_chance_on_talk_it_was_not_trained_on(told):
    live, silent, by_chance = (
        row(told, name) for name in ("live", "no changes", "random")
    )
    assert live["F1@3 %"] > by_chance["F1@3 %"] + 5
    assert live["Pk %"] < min(silent["Pk %"], by_chance["Pk %"])


def test_beside_the_worker_stand_those_who_do_not_listen(told):
    for name in SETS:
        methods = [one["method"] for one in told["changes"] if one["set"] == name]
        assert methods[:3] == ["no changes", "even", "random"]
        assert {"live", "count given", "through process"} <= set(methods)


def test_changes_are_told_within_23_sentences(told):
    assert all(
        one["longest"] <= 23 for one in told["latency"] if one["longest"] is not None
    )


def test_measuring_again_tells_the_same(told):
    again = tables(measure(SETS, MODEL, process=True))
    for name, table in again.items():
        if name != "speed":
            assert table.records() == told[name]


def test_chance_knows_the_count_but_not_the_places():
    for (talk,) in SETS.values():
        assert none(talk) == []
        assert len(even(talk)) == len(talk.boundaries)
        assert len(random(talk, 0)) == len(talk.boundaries)
        assert random(talk, 0) == random(talk, 0) != random(talk, 1)


def test_a_topic_is_called_by_words_of_its_own_title_not_of_the_others():
    own = others = 0
    for (talk,) in SETS.values():
        finished = finish(captions(talk), MODEL)
        chapters = name_all(finished, finished.places(talk.boundaries), MODEL)
        titles = [content(title, MODEL, "en") for title in talk.titles]
        for place, chapter in enumerate(chapters):
            said = " ".join(chapter.names.keyphrases)
            for other, title in enumerate(titles):
                hit = not title.isdisjoint(map(stem, said.split(" ")))
                own += hit and other == place
                others += hit and other != place
    assert own >= 6
    assert own > 10 * others / 4  # there are four others for each


def test_the_command_prints_json_and_names_what_is_wrong(tmp_path):
    talk = OWN_SETS / "podcast-night-train.talk.txt"
    options = ["--sentences-per-topic", "30", "--json"]
    done = CliRunner().invoke(app, ["bench", "topics", str(talk), *options])
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert {one["set"] for one in found["changes"]} == {"podcast"}
    done = CliRunner().invoke(app, ["bench", "topics", str(tmp_path)])
    assert "no talk with topics" in str(done.exception)


def test_a_talk_heard_by_itself_is_heard_as_among_others():
    (talk,) = SETS["meeting"]
    said = captions(talk)
    alone = hear(said, MODEL)
    hear(captions(SETS["podcast"][0]), MODEL)
    assert hear(said, MODEL) == alone


def test_weights_of_ones_own_are_trained_and_judged_by_two_commands(tmp_path):
    options = ["--sentences-per-topic", "30", "--no-judge", "-o", str(tmp_path / "w")]
    done = CliRunner().invoke(app, ["bench", "train-topics", str(OWN_SETS), *options])
    assert done.exit_code == 0, done.output
    told = json.loads((tmp_path / "w" / "provenance.json").read_text())
    assert {name: one["changes"] for name, one in told.items()} == dict.fromkeys(
        SETS, 4
    )
    podcast = str(OWN_SETS / "podcast-night-train.talk.txt")
    options = ["--weights", str(tmp_path / "w"), "--json"]
    done = CliRunner().invoke(app, ["bench", "topics", podcast, *options])
    assert done.exit_code == 0, done.output
    own = CliRunner().invoke(app, ["bench", "topics", podcast, "--json"])
    assert json.loads(done.stdout)["scores"] != json.loads(own.stdout)["scores"]
    options = ["--no-judge", "--only", "pause", "-o", str(tmp_path / "p")]
    done = CliRunner().invoke(app, ["bench", "train-topics", str(OWN_SETS), *options])
    assert done.exit_code == 0, done.output
    learned, shipped = (
        json.loads(path.read_text())["features"]
        for path in (tmp_path / "p" / "recipe-16.json", SHIPPED / "recipe-16.json")
    )
    assert {name for name in shipped if learned[name] != shipped[name]} == {"pause"}
    options = ["--only", "mood", "-o", str(tmp_path / "x")]
    done = CliRunner().invoke(app, ["bench", "train-topics", str(OWN_SETS), *options])
    assert "no feature 'mood'" in str(done.exception)
    alone = ["bench", "train-topics", podcast, "-o", str(tmp_path / "x")]
    assert "too few talks" in str(CliRunner().invoke(app, alone).exception)
