"""Meetings of others as a set: what is read of them, and what never is."""

import json
import os
import pickle

import pytest

from workers.bench.topics.french_meetings import main, meeting
from workers.bench.topics.talks import read_sets

PARTS = [
    {"id": "d0", "text": "<h> ouverture </h> <p> bonjour </p>"},
    {"id": "d1", "text": "<h> le budget </h> <p> merci </p>"},
    {"id": "d2", "text": "<p> sans titre </p>"},
    {"id": "d3", "text": "<h> le vote </h>"},
]


def heard(*aligned):
    return [
        {"id": str(n), "aligned": part, "text": f"l' idée <unk> {n} . et puis , oui"}
        for n, part in enumerate(aligned)
    ]


def written(folder, value, name="a.aligned.pckl"):
    path = folder / name
    path.write_bytes(pickle.dumps(value))
    return path


def test_a_topic_begins_with_the_first_words_under_a_heading(tmp_path, capsys):
    said = heard(*["d0"] * 4, *["d1"] * 3, "d2", None, *["d3"] * 2, "d1")
    written(tmp_path, {"final": {"doc": PARTS, "ctm": said}})
    main(str(tmp_path))
    line = capsys.readouterr().out
    (tmp_path / "set.jsonl").write_text(line)
    (talk,) = read_sets([tmp_path / "set.jsonl"])["french"]
    assert talk.boundaries == (8, 18)
    assert talk.titles == ("ouverture", "le budget", "le vote")
    assert talk.language == "fr"
    assert [one.text for one in talk.utterances[:2]] == ["l'idée 0.", "et puis, oui"]
    assert json.loads(line)["id"] == "a.aligned"


def test_a_meeting_with_one_heading_tells_nothing(tmp_path):
    said = heard(*["d0"] * 9)
    path = written(tmp_path, {"final": {"doc": PARTS, "ctm": said}})
    assert meeting(path) is None


class Harm:
    def __reduce__(self):
        return os.mkdir, ("harmed",)


def test_a_file_that_could_run_something_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = written(tmp_path, {"final": Harm()})
    with pytest.raises(pickle.UnpicklingError, match="mkdir is no plain value"):
        meeting(path)
    assert not (tmp_path / "harmed").exists()
