"""The recordings we ship are what their talks give, and hold what they promise."""

from itertools import pairwise
from pathlib import Path

import pytest

import workers.recordings
from schemas.codec import SEGMENT
from workers.recordings.files import read_talk, record, recording_of

DEMO = Path(workers.recordings.__file__).parent / "island.talk.txt"
UNSEEN = Path(__file__).parents[1] / "data" / "recordings" / "neighbours.talk.txt"

pytestmark = pytest.mark.parametrize(
    "talk_path", [DEMO, UNSEEN], ids=["demo", "unseen"]
)


def segments(talk_path):
    path = recording_of(talk_path)
    key = path.stem.encode()
    return [SEGMENT.decode(key, line) for line in path.read_bytes().splitlines()]


def is_loop(final):
    return final.confidence < 0.5


def last_versions(talk_path):
    last = {one.segment_id: one for one in segments(talk_path) if one.is_final}
    return sorted(last.values(), key=lambda segment: segment.start_s)


def test_the_file_is_what_the_generator_makes_of_the_talk(talk_path):
    same = recording_of(talk_path).read_bytes() == record(talk_path)
    assert same, "run `python -m workers.recordings`"


def test_a_recording_is_small_enough_to_ship(talk_path):
    assert recording_of(talk_path).stat().st_size < 600_000


def test_leaving_out_defaults_leaves_out_nothing_else(talk_path):
    for line in recording_of(talk_path).read_bytes().splitlines():
        assert b"null" not in line
        assert b'"type":"CaptionSegment"' in line


def test_a_talk_is_longer_than_ten_minutes_at_the_pace_of_speech(talk_path):
    truth = workers.recordings.truth(talk_path)
    assert truth.end_s >= 630
    words_per_minute = sum(truth.sentence_words) / truth.end_s * 60
    assert 130 <= words_per_minute <= 180


def test_a_talk_has_six_topics_of_a_good_length_each(talk_path):
    truth = workers.recordings.truth(talk_path)
    assert len(truth.topics) == 6
    starts = [topic.sentence for topic in truth.topics]
    assert starts[0] == 0
    ends = [*starts[1:], len(truth.sentence_words)]
    assert all(28 <= end - start <= 42 for start, end in zip(starts, ends, strict=True))


def test_a_topic_begins_where_a_final_word_begins(talk_path):
    spoken = {word.start_s for one in last_versions(talk_path) for word in one.words}
    truth = workers.recordings.truth(talk_path)
    assert {topic.start_s for topic in truth.topics} <= spoken


def test_the_words_before_a_topic_are_those_of_the_sentences_before_it(talk_path):
    truth = workers.recordings.truth(talk_path)
    spoken = [
        word.start_s
        for one in last_versions(talk_path)
        if not is_loop(one)
        for word in one.words
    ]
    for topic in truth.topics:
        before = sum(truth.sentence_words[: topic.sentence])
        assert spoken[before] == topic.start_s


def test_the_finals_hold_every_word_of_the_talk_once_and_in_order(talk_path):
    spoken = [
        word.text
        for one in last_versions(talk_path)
        if not is_loop(one)
        for word in one.words
    ]
    talk = read_talk(talk_path)
    assert spoken == [word.text for said in talk.sentences for word in said.words]


def test_two_people_speak_in_turns(talk_path):
    speakers = [sentence.speaker for sentence in read_talk(talk_path).sentences]
    assert len(set(speakers)) == 2
    assert sum(one != two for one, two in pairwise(speakers)) >= 60


def test_hypotheses_revise_themselves_yet_most_words_stand(talk_path):
    changed = kept = 0
    for one, two in pairwise(segments(talk_path)):
        if one.segment_id == two.segment_id and not one.is_final:
            before, after = one.text.split(), two.text.split()
            same = sum(a == b for a, b in zip(before, after, strict=False))
            kept += same
            changed += len(before) - same
    assert changed >= 100
    assert kept >= 10 * changed


def test_one_final_is_a_loop_of_the_same_five_words(talk_path):
    (loop,) = (one for one in last_versions(talk_path) if is_loop(one))
    words = loop.text.split()
    assert len(words) >= 40
    assert words == words[:5] * (len(words) // 5)


def test_one_final_is_corrected(talk_path):
    finals = {}
    for one in segments(talk_path):
        if one.is_final:
            finals.setdefault(one.segment_id, set()).add(one.text)
    assert sorted(map(len, finals.values()))[-2:] == [1, 2]


def test_some_finals_are_sent_twice(talk_path):
    sequences = [one.sequence for one in segments(talk_path)]
    assert 3 <= len(sequences) - len(set(sequences)) <= 20


def test_one_silence_lasts_twelve_seconds_or_longer(talk_path):
    sent = [one.emitted_at for one in segments(talk_path)]
    gaps_s = [(two - one).total_seconds() for one, two in pairwise(sent)]
    assert sum(gap_s >= 12 for gap_s in gaps_s) == 1


def test_some_words_are_repeated_on_purpose(talk_path):
    spoken = " ".join(one.text for one in last_versions(talk_path))
    assert "No, no, no." in spoken


def test_a_yes_is_answered_with_a_yes(talk_path):
    said = read_talk(talk_path).sentences
    answers = [
        (one.speaker, two.speaker)
        for one, two in pairwise(said)
        if one.words[0].text == "Yes." and two.words[0].text.rstrip(".?") == "Yes"
    ]
    assert any(one != two for one, two in answers)


def test_the_demo_plays_the_talk_that_tests_may_tune_on(talk_path):
    plays = workers.recordings.demo_recording() == recording_of(talk_path)
    assert plays == (talk_path == DEMO)
