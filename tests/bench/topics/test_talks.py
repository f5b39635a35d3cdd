"""Reading talk with true topics."""

import json

import pytest

from workers.bench.topics import OWN_SETS, BadSetError, read_sets

TALK = {
    "id": "a",
    "utterances": [{"text": f"sentence {n}", "speaker": "Ann"} for n in range(6)],
    "boundaries": [2, 4],
}


def written(folder, *talks, name="calls.jsonl"):
    path = folder / name
    path.write_text("".join(f"{json.dumps(talk)}\n" for talk in talks))
    return path


def test_a_folder_is_read_with_all_its_sets_and_the_file_names_the_set(tmp_path):
    (tmp_path / "deep").mkdir()
    written(tmp_path, TALK, TALK)
    written(tmp_path / "deep", TALK | {"source": "panel"}, name="x.jsonl")
    sets = read_sets([tmp_path])
    assert {name: len(talks) for name, talks in sets.items()} == {
        "calls": 2,
        "panel": 1,
    }
    assert sets["calls"][0].segments == [(0, 2), (2, 4), (4, 6)]


def test_fields_of_others_are_passed_over(tmp_path):
    talk = TALK | {"fine": [1], "titles": ["x", None, "z"], "topic_ids": [1, 2, 1]}
    (found,) = read_sets([written(tmp_path, talk)])["calls"]
    assert found.titles == ("x", None, "z")


@pytest.mark.parametrize("titles", [["one"], "abc", {"a": 1}, 7])
def test_titles_of_another_shape_are_no_titles(tmp_path, titles):
    (found,) = read_sets([written(tmp_path, TALK | {"titles": titles})])["calls"]
    assert found.titles is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"boundaries": [4, 2]}, "not in order"),
        ({"boundaries": [0, 2]}, "outside the talk"),
        ({"boundaries": [2, 6]}, "outside the talk"),
        ({"utterances": [], "boundaries": []}, "nobody says anything"),
        ({"boundaries": "2"}, "Expected `array`"),
    ],
)
def test_what_is_wrong_with_a_talk_is_told_by_its_line(tmp_path, change, says):
    path = written(tmp_path, TALK, TALK | change)
    with pytest.raises(BadSetError, match=f"line 2: .*{says}"):
        read_sets([path])


def test_a_folder_without_talk_is_named(tmp_path):
    with pytest.raises(BadSetError, match=str(tmp_path)):
        read_sets([tmp_path])


def test_our_sets_are_of_three_kinds_each_with_titles():
    sets = read_sets([OWN_SETS])
    assert list(sets) == ["lecture", "meeting", "podcast"]
    for (talk,) in sets.values():
        assert len(talk.boundaries) >= 4
        assert len(talk.titles) == len(talk.boundaries) + 1
    said = " ".join(one.text for one in sets["lecture"][0].utterances)
    assert not set(said) & set(".,?!-")
    assert said == said.lower()
    assert {one.speaker for one in sets["lecture"][0].utterances} == {None}
    assert len({one.speaker for one in sets["meeting"][0].utterances}) == 4
