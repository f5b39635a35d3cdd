"""WebVTT: the grammar of the standard, voices, and where lines stand."""

import pytest
from hypothesis import given

from tests.exports.test_exported_subtitles import HOSTILE, LINE, cue, opened, timed_cues
from tests.exports.vtt_grammar import cues as strict
from workers.core.cues import PROFILES, WEB, Profile
from workers.exports.subtitles import srt, vtt

WALL = Profile(name="wall", max_chars=24, max_lines=2, speakers="together", place="top")
TALK = [
    cue(1, 0, 1, ["Where is", "the key?"], speaker="Ann"),
    cue(2, 1, 2, ["Here."], speaker="Bo"),
    cue(3, 2, 3, ["I have it."], speaker="Bo"),
    cue(4, 3, 4, ["Good.", "Is it?"], line_speakers=("Ann", "Bo")),
    cue(5, 4, 5, ["It is."]),
    cue(6, 5, 6, ["Yes."], speaker="Bo"),
]


@given(timed_cues((LINE | HOSTILE).map(lambda line: [line])))
def test_whatever_is_said_the_file_keeps_the_grammar(cues):
    for profile in (None, WEB, WALL, PROFILES["bbc"]):
        text = vtt(cues, profile)
        found = strict(text)
        assert [(start, end) for start, end, *_ in found] == [
            (event.start, event.end) for event in opened(text)
        ]


def test_voices_are_closed_and_come_back_with_their_lines():
    assert [voices for *_, voices in strict(vtt(TALK))] == [
        [("Ann", "Where is\nthe key?")],
        [("Bo", "Here.")],
        [("Bo", "I have it.")],
        [("Ann", "Good."), ("Bo", "Is it?")],
        [(None, "It is.")],
        [("Bo", "Yes.")],
    ]


def test_a_dash_begins_each_change_of_speaker_where_the_profile_wants_it():
    expected = [
        "Where is\nthe key?",
        "- Here.",
        "I have it.",
        "- Good.\n- Is it?",
        "It is.",
        "Yes.",
    ]
    for write in (srt, vtt):
        assert [one.plaintext for one in opened(write(TALK, WALL))] == expected
        without = [line.replace("- ", "") for line in expected]
        assert [one.plaintext for one in opened(write(TALK, WEB))] == without


@pytest.mark.parametrize(
    ("profile", "settings"),
    [
        (WEB, {}),
        (PROFILES["bbc"], {"position": "10%", "size": "80%", "align": "start"}),
        (WALL, {"line": "5%"}),
    ],
)
def test_lines_stand_where_the_profile_has_them(profile, settings):
    for _, _, found, _ in strict(vtt(TALK, profile)):
        assert found == settings
    assert len(opened(vtt(TALK, profile))) == len(TALK)


@pytest.mark.parametrize(
    "wrong",
    [
        "WEBVTT\n\n1\n00:00:01.000 --> 00:00:00.000\nback",
        "WEBVTT\n\n1\n00:00:00.000 --> 00:00:01.000 align:middle\nold",
        "WEBVTT\n\n1\n00:00:00.000 --> 00:00:01.000\nA & B",
        "WEBVTT\n\n1\n00:00:00.000 --> 00:00:01.000\n<v Ann>open",
        "WEBVTT\n\n1\n00:00:00,000 --> 00:00:01,000\ncommas",
        "webvtt\n\n1\n00:00:00.000 --> 00:00:01.000\nsmall",
    ],
)
def test_the_grammar_of_these_tests_refuses_what_the_standard_does(wrong):
    with pytest.raises((AssertionError, KeyError)):
        strict(wrong)
