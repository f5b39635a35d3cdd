"""Talk that others have published as sets: where topics begin, and what was said."""

import json

import pytest

from workers.bench.topics.published.__main__ import main
from workers.bench.topics.published.qmsum import source
from workers.bench.topics.published.sentences import sentences
from workers.bench.topics.talks import read_sets


def the_talk(tmp_path, capsys, kind, folder=None):
    main(kind, str(folder or tmp_path))
    path = tmp_path / "made.jsonl"
    path.write_text(capsys.readouterr().out)
    ((talk,),) = read_sets([path]).values()
    return talk


def meeting(topics, turns):
    return {
        "topic_list": [
            {"topic": title, "relevant_text_span": spans} for title, spans in topics
        ],
        "meeting_transcripts": [
            {"speaker": f"S{number % 2}", "content": content}
            for number, content in enumerate(turns)
        ],
    }


def test_a_meetings_turns_are_cut_into_sentences_without_marks():
    text = "{vocalsound} Hi guys , uh {disfmarker} good morning . What 's that ? {gap}"
    assert list(sentences(text)) == ["Hi guys, uh good morning.", "What 's that?"]


def test_a_topic_of_a_meeting_begins_with_each_of_its_spans(tmp_path, capsys):
    turns = ["One . Two .", "{gap}", *["Three . Four ."] * 12]
    topics = [
        ("budget", [["1", "3"], ["9", "11"]]),
        ("design", [["4", "8"]]),
        ("end", [["10", "13"]]),
    ]
    path = tmp_path / "ES2002a.json"
    path.write_text(json.dumps(meeting(topics, turns)))
    (tmp_path / "other.json").write_text("[]")
    talk = the_talk(tmp_path, capsys, "qmsum")
    assert (talk.id, talk.source) == ("ES2002a", "ami")
    assert talk.boundaries == (6, 16)
    # What begins two sentences into another topic is the same change.
    assert talk.titles == ("budget", "design", "end")
    assert talk.utterances[0].speaker == "S0"
    assert len(talk.utterances) == 26


def test_what_is_said_before_the_first_topic_is_one_if_it_is_long(tmp_path, capsys):
    path = tmp_path / "covid_4.json"
    topics = [("schools", [["6", "9"]])]
    path.write_text(json.dumps(meeting(topics, ["So ."] * 10)))
    talk = the_talk(tmp_path, capsys, "qmsum")
    assert talk.source == "committee"
    assert talk.boundaries == (6,)
    assert talk.titles == (None, "schools")


def test_a_meeting_of_one_topic_tells_nothing(tmp_path, capsys):
    (tmp_path / "a.json").write_text(
        json.dumps(meeting([("all", [["0", "9"]])], ["So ."] * 10))
    )
    main("qmsum", str(tmp_path))
    assert not capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "kind"),
    [("TS3005a", "ami"), ("Bro004", "icsi"), ("education_3", "committee")],
)
def test_a_meeting_is_of_the_set_its_name_tells(name, kind):
    assert source(name) == kind


def test_what_was_shown_counts_where_topics_of_a_recording_begin(tmp_path, capsys):
    said = [
        {"doc": f"so {n} ", "user_id": "u", "start": n, "end": n + 1} for n in range(6)
    ]
    entries = [*said[:2], {"type": "SHARING", "start": 2}, *said[2:]]
    marks = [[0, 2, "intro"], [3, 4, "tools "], [5, 6, "end"]]
    (tmp_path / "a.json").write_text(json.dumps({"a": {"entries": entries}}))
    (tmp_path / "a_anno.json").write_text(json.dumps({"a": {"coarse": marks}}))
    talk = the_talk(tmp_path, capsys, "tinyrec")
    assert len(talk.utterances) == 6
    assert talk.boundaries == (2, 4)
    assert talk.titles == ("intro", "tools", "end")
    assert (talk.utterances[2].start, talk.utterances[2].speaker) == (2.0, "u")


def test_lines_of_a_lecture_are_utterances_between_rules(tmp_path, capsys):
    folder = tmp_path / "physics" / "asr"
    folder.mkdir(parents=True)
    (folder / "L01.ref").write_text(
        "==========\r\ni m walter \r\nhello\n==========\n--\nnext\n==========\nlast\n"
        "==========\n"
    )
    talk = the_talk(tmp_path, capsys, "lectures", folder)
    assert talk.source == "physics-asr"
    assert [one.text for one in talk.utterances] == [
        "i m walter",
        "hello",
        "next",
        "last",
    ]
    assert talk.boundaries == (2, 3)
