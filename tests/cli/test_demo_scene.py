"""What the demo knows after each event, how it counts and measures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.captions import BrokenRule, CaptionWithdrawn, StreamEnded
from schemas.metrics import StreamMetrics
from tests.cli.demo_events import (
    LOOP,
    STREAM,
    cue,
    final,
    revised,
    scene_of,
    topic,
    updated,
)
from workers.cli.demo.latency import Stopwatch
from workers.cli.demo.scene import KEPT_CAPTIONS, KEPT_CUES, fold_rejected
from workers.cli.demo.words import changed, clock

FAST = BrokenRule(rule="max_cps", measured=25.0, limit=20.0, because="fast_speech")


def test_a_caption_that_grows_stays_in_its_place():
    scene = scene_of(
        updated(0, "Good"), updated(1, "Yes"), updated(0, "Good evening", revision=1)
    )
    assert [line.caption.text for line in scene.captions] == ["Good evening", "Yes"]


def test_a_caption_counts_once_however_often_it_is_revised():
    scene = scene_of(
        final(0, "fifteen chicks"), revised(0, "fifty chicks"), revised(0, "fifty.")
    )
    assert scene.counts.captions == 1
    assert scene.counts.revised == 2


def test_a_revision_shows_what_went_and_where_its_successor_stands():
    scene = scene_of(
        final(0, "We found fifteen chicks fewer."),
        revised(0, "We found fifty chicks fewer."),
    )
    [line] = scene.captions
    assert line.gone == "fifteen"
    [(start, end)] = line.changed
    assert line.caption.text[start:end] == "fifty"


def test_a_caption_first_seen_as_a_revision_is_shown_and_counted():
    scene = scene_of(revised(3, "It is a lot."))
    assert scene.captions[0].caption.text == "It is a lot."
    assert scene.counts.captions == 1


def test_a_flag_counts_when_its_caption_becomes_final():
    grown = updated(0, "and so and so", flags=(LOOP,))
    assert scene_of(grown).counts.flags == {}
    both = scene_of(grown, final(0, "and so and so", flags=(LOOP,)))
    assert both.counts.flags == {"repetition_loop": 1}


def test_a_withdrawn_caption_stays_marked_so_that_nothing_just_vanishes():
    gone = CaptionWithdrawn(
        stream_id=STREAM, caption_id="0-0.c0", revision=1, reason="replaced"
    )
    scene = scene_of(updated(0, "hm"), gone)
    assert scene.captions[0].withdrawn
    assert scene.counts.withdrawn == 1


def test_cues_that_come_together_are_on_the_screen_one_after_the_other():
    scene = scene_of(
        cue(0, "one", start_s=1.0, end_s=4.0),
        cue(1, "two", start_s=4.0, end_s=6.0),
        media_s=8.0,
    )
    shown = [scene.cue_at(at_s) for at_s in (7.9, 8.0, 10.9, 11.0, 12.9, 13.0)]
    assert [None if one is None else one.lines[0] for one in shown] == [
        *(None, "one", "one"),
        *("two", "two", None),
    ]


def test_a_cue_issued_again_takes_the_place_of_the_first_also_in_the_counts():
    scene = scene_of(
        cue(0, "to fast", compliance=(FAST,)),
        cue(0, "too fast", revision=1),
    )
    assert scene.cue_at(0.0).lines == ("too fast",)
    assert (scene.counts.cues, scene.counts.cues_within) == (1, 1)


def test_a_withdrawn_cue_is_off_the_screen_and_out_of_the_counts():
    scene = scene_of(cue(0, "never mind"), cue(0, revision=1, withdrawn=True))
    assert scene.cue_at(0.0) is None
    assert (scene.counts.cues, scene.counts.cues_within) == (0, 0)


def test_cues_of_another_profile_are_not_shown():
    assert scene_of(cue(0, "wide", profile="bbc")).counts.cues == 0


def test_a_topic_is_confirmed_for_good_but_may_be_withdrawn_before():
    scene = scene_of(
        topic("started", 1),
        topic("confirmed", 1, revision=1),
        topic("labelled", 1, revision=2, label="lamp"),
        topic("started", 2),
        topic("withdrawn", 2, revision=1),
    )
    lamp, other = scene.topics
    assert (lamp.confirmed, lamp.withdrawn, lamp.topic.label) == (True, False, "lamp")
    assert (other.confirmed, other.withdrawn) == (False, True)


def test_only_the_last_figures_of_the_topics_agent_end_a_stream():
    def metrics(agent, *, last):
        return StreamMetrics(
            stream_id=STREAM, life="0-0", agent=agent, number=0, window_s=1, last=last
        )

    ended = StreamEnded(
        stream_id=STREAM, life="0-0", reason="end_of_stream", captions=1
    )
    scene = scene_of(ended, metrics("merge", last=True), metrics("topics", last=False))
    assert scene.streams_ended == {STREAM}
    assert not scene.topics_ended
    assert scene_of(metrics("topics", last=True)).topics_ended == {STREAM}


def test_rejected_records_are_counted_by_their_reason():
    scene = scene_of()
    for reason in ("not_json", "too_late", "not_json"):
        scene = fold_rejected(scene, reason)
    assert scene.counts.rejected == {"not_json": 2, "too_late": 1}


def test_a_week_of_speech_keeps_no_more_than_is_shown():
    scene = scene_of(
        *(final(number, "Yes.") for number in range(3 * KEPT_CAPTIONS)),
        *(cue(number, "Yes.") for number in range(3 * KEPT_CUES)),
    )
    assert len(scene.captions) == KEPT_CAPTIONS
    assert len(scene.cues) == KEPT_CUES
    assert scene.counts.captions == 3 * KEPT_CAPTIONS
    assert scene.counts.cues == 3 * KEPT_CUES


WORDS = st.lists(st.sampled_from(["a", "an", "ban", "b", "été"]), max_size=8)


@given(WORDS, WORDS)
def test_what_a_revision_changed_are_whole_words_and_the_rest_was_there(old, new):
    before, after = " ".join(old), " ".join(new)
    _, places = changed(before, after)
    kept = after
    for start, end in reversed(places):
        assert after[start:end] == after[start:end].strip() != ""
        assert after[:start].endswith(" ") or start == 0
        assert after[end:].startswith(" ") or end == len(after)
        kept = kept[:start] + kept[end:]
    left = iter(old)
    assert all(word in left for word in kept.split())


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(0.0, "00:00"), (127.9, "02:07"), (3727.0, "1:02:07"), (None, "--:--")],
)
def test_media_time_is_written_as_people_do(seconds, written):
    assert clock(seconds) == written


def test_latency_is_from_the_segment_that_caused_an_event_to_its_reading():
    now_s = [0.0]
    stopwatch = Stopwatch(lambda: now_s[0])
    for number in range(1, 101):
        stopwatch.sent(str(number).encode(), 0.0)
    for number in range(1, 101):
        now_s[0] = number / 1000
        stopwatch.read("caption", str(number).encode())
    spread = stopwatch.spread("caption")
    assert (spread.median_ms, spread.p95_ms, spread.count) == (50.0, 95.0, 100)
    assert stopwatch.spread("enriched") is None


def test_an_event_that_no_segment_caused_is_not_measured():
    stopwatch = Stopwatch(lambda: 1.0)
    stopwatch.read("caption", None)
    stopwatch.read("caption", b"somebody else's")
    assert stopwatch.spread("caption") is None
