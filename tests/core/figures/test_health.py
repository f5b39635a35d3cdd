from datetime import UTC, datetime, timedelta

from tests.core.quality.live import START_MS, Stream, final, hear, interim, masking

START = datetime.fromtimestamp(START_MS / 1000, UTC)


def states(told):
    return [message.state for message in told.metrics]


def talk(count, every_s=2.0, late_s=0.3, **more):
    """A recogniser that works: *count* sentences, each *late_s* after it was said."""
    told = Stream()
    for number in range(count):
        end_s = (number + 1) * every_s
        told.now_ms = max(told.now_ms, START_MS + round((end_s + late_s) * 1000) - 300)
        told.hear(
            final(
                f"This is sentence {number}.",
                end_s - 1.5,
                end_s,
                segment_id=f"u{number}",
                stream_started_at=START,
                emitted_at=START + timedelta(seconds=end_s + late_s),
                **more,
            )
        )
    return told


def test_a_stream_that_goes_well_is_ok_and_has_no_reason():
    told = talk(12)
    assert told.metrics
    assert {message.state for message in told.metrics} == {"ok"}
    assert {message.reason for message in told.metrics} == {""}


def test_words_that_come_later_than_ofcom_allows_are_delayed():
    message = talk(12, late_s=6.0).metrics[-1]
    assert message.state == "delayed"
    assert message.reason.startswith("words come 6.0 s after they are spoken")
    assert talk(12, late_s=4.0).metrics[-1].state == "ok"


def test_a_hold_that_ends_a_caption_is_no_delay_of_its_words():
    told = Stream()
    for number in range(8):
        told.hear(interim("and so on", number * 10, number * 10 + 1), after_ms=1)
        told.hear(final("and so on", number * 10, number * 10 + 1), after_ms=9_000)
    assert told.metrics[-1].latency.policy_s.p50 >= 5
    assert "delayed" not in states(told)


def test_a_recogniser_that_falls_silent_leaves_a_stream_incomplete():
    told = talk(3).wait(60_000)
    assert states(told)[0] == "ok"
    assert states(told)[-1] == "incomplete"
    assert told.metrics[-1].reason.startswith("nothing came from the recogniser for ")


def test_segments_without_words_are_no_words():
    told = talk(3)
    for _ in range(12):
        told.hear(interim("", None, None), after_ms=5_000)
    assert states(told)[-1] == "incomplete"
    assert "none with words" in told.metrics[-1].reason


def test_a_long_gap_in_the_audio_makes_the_window_it_ends_in_incomplete():
    told = hear(final("Before it.", 0, 2), final("After it.", 50, 52)).end()
    message = told.metrics[-1]
    assert (message.gaps, message.gap_s) == (1, 48)
    assert message.state == "incomplete"
    assert message.reason == "48 s of audio without words"


def test_a_pause_is_no_gap_and_a_short_gap_is_counted_only():
    assert hear(final("A.", 0, 2), final("B.", 11.9, 12)).end().metrics[-1].gaps == 0
    message = hear(final("A.", 0, 2), final("B.", 12, 13)).end().metrics[-1]
    assert (message.gaps, message.gap_s, message.state) == (1, 10, "ok")


def test_a_gap_on_one_channel_is_none_while_another_speaks():
    told = hear(
        final("A.", 0, 2, channel="a"),
        final("B.", 9, 10, channel="b"),
        final("C.", 17, 18, channel="a"),
    ).end()
    assert told.metrics[-1].gaps == 0


def test_the_time_before_the_first_words_is_no_gap():
    assert hear(final("We came late.", 3600, 3602)).end().metrics[-1].gaps == 0


def test_a_gap_over_a_reconnect_is_counted_in_the_new_times():
    told = hear(final("A.", 100, 102), final("B.", 11, 12, epoch=1)).end()
    assert (told.metrics[-1].gaps, told.metrics[-1].gap_s) == (1, 11)


def test_guesses_that_never_become_final_leave_a_stream_incomplete():
    told = talk(3)
    words = "so this goes on and on".split()
    for tick in range(80):
        text = " ".join(words[: 1 + tick % 6])
        told.hear(interim(text, 7 + tick, 8 + tick), after_ms=1_000)
    assert states(told)[-1] == "incomplete"
    assert "none became final" in told.metrics[-1].reason
    told.hear(final("so this goes on.", 90, 91))
    told.wait(10_000)
    assert "none became final" not in told.metrics[-1].reason


def test_many_doubtful_captions_make_a_stream_uncertain():
    told = Stream()
    for number in range(9):
        at_s = number * 3.0
        if number % 3:
            told.hear(final("All is well here.", at_s, at_s + 2), after_ms=3_000)
        else:
            told.hear(final("no " * 8, at_s, at_s + 2), after_ms=3_000)
            told.hear(final("", None, None, end_of_utterance=True), after_ms=1)
    message = told.end().metrics[-1]
    assert message.state == "uncertain"
    assert message.reason == (
        "3 of the last 9 captions are doubtful: 3 repetition_loop"
    )


def test_masked_words_are_no_doubt():
    told = Stream(masking("damn"))
    for number in range(12):
        told.hear(final("Well, damn it.", number * 2, number * 2 + 1), after_ms=2_000)
    assert set(states(told.end())) == {"ok"}


def test_silence_before_the_end_that_the_recogniser_tells_is_none():
    told = talk(8).wait(45_000).end()
    assert states(told)[-2:] == ["incomplete", "ok"]
