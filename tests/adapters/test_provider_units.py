"""Times of providers, each in its unit, and sessions in which they begin anew."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.adapters.provider_fixtures import adapted
from workers.adapters.providers import sessions
from workers.adapters.providers.provider import AdapterError
from workers.adapters.providers.sessions import Sessions
from workers.adapters.providers.units import (
    Parts,
    from_clock,
    from_decimal,
    from_duration,
    from_ms,
    from_ticks,
)

MILLIS = st.integers(0, 10**9)


@given(MILLIS)
def test_one_moment_is_the_same_in_every_unit(ms):
    seconds, rest = divmod(ms, 1000)
    hours, minutes = divmod(seconds // 60, 60)
    written = {
        "milliseconds": from_ms(ms),
        "ticks": from_ticks(ms * 10_000),
        "decimal": from_decimal(f"{seconds}.{rest:03d}"),
        "number": from_decimal(ms / 1000),
        "duration": from_duration(f"{seconds}.{rest:03d}s"),
        "parts": from_duration(Parts(str(seconds), rest * 1_000_000)),
    }
    if hours < 10_000:
        written["clock"] = from_clock(f"{hours}:{minutes:02d}:{seconds % 60:02d}")
        assert written.pop("clock") == seconds
    assert written == {unit: pytest.approx(ms / 1000) for unit in written}


@pytest.mark.parametrize(
    "read", [from_ms, from_ticks, from_decimal, from_duration, from_clock]
)
def test_what_is_not_told_is_not_known(read):
    assert read(None) is None


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (from_decimal, "1,5"),
        (from_decimal, "-1"),
        (from_decimal, "1e3"),
        (from_decimal, "nan"),
        (from_duration, "3.5"),
        (from_duration, "3.5m"),
        (from_duration, ""),
        (from_clock, "1.5"),
        (from_clock, "1:2:3:4"),
    ],
)
def test_text_that_is_no_time_is_refused(read, text):
    with pytest.raises(AdapterError):
        read(text)


# One stretch from 1.5 s to 2.5 s, as a provider of each family writes it.
FAMILIES = {
    "seconds": (
        "deepgram",
        {
            "type": "Results",
            "start": 1.5,
            "duration": 1,
            "is_final": True,
            "channel": {"alternatives": [{"transcript": "hello"}]},
        },
    ),
    "decimal strings": (
        "whisperlive",
        {
            "uid": "c",
            "segments": [
                {"start": "1.500", "end": "2.500", "text": " hello", "completed": True}
            ],
        },
    ),
    "milliseconds": (
        "aws-call-analytics",
        {
            "UtteranceEvent": {
                "UtteranceId": "u",
                "IsPartial": False,
                "ParticipantRole": "AGENT",
                "BeginOffsetMillis": 1500,
                "EndOffsetMillis": 2500,
                "Transcript": "hello",
            }
        },
    ),
    "100 ns ticks": (
        "azure",
        {
            "RecognitionStatus": "Success",
            "Offset": 15_000_000,
            "Duration": 10_000_000,
            "DisplayText": "hello",
        },
    ),
    "Duration strings": (
        "google",
        {
            "results": [
                {
                    "alternatives": [
                        {
                            "transcript": "hello",
                            "words": [
                                {
                                    "word": "hello",
                                    "startOffset": "1.5s",
                                    "endOffset": "2.500s",
                                }
                            ],
                        }
                    ],
                    "isFinal": True,
                    "resultEndOffset": "2.5s",
                }
            ]
        },
    ),
    "clock strings": (
        "whisperlivekit",
        {"lines": [{"text": "hello.", "start": "0:00:01.5", "end": "0:00:02.50"}]},
    ),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_a_stretch_has_the_same_times_whatever_the_unit(family):
    name, message = FAMILIES[family]
    (segment,) = adapted(name, [message])
    assert (segment.start_s, segment.end_s) == (1.5, 2.5)
    assert segment.is_final


def test_epoch_milliseconds_count_from_the_first_message():
    zero = 1_795_514_400_000
    message = {"id": "a", "participant_id": "p", "text": "hello", "type": "interim"}
    sent = [message | {"ts": zero + ms} for ms in (0, 1500, 2500)]
    last = adapted("skynet", sent)[-1]
    assert (last.start_s, last.end_s) == (0, 2.5)


def test_a_stretch_of_no_length_gets_one_so_that_it_has_a_place():
    message = FAMILIES["seconds"][1] | {"duration": 0}
    (segment,) = adapted("deepgram", [message])
    assert segment.end_s > segment.start_s


@pytest.mark.parametrize(
    "bad", [{"start": -1}, {"start": 1e8}, {"start": "1.5"}, {"duration": None}]
)
def test_a_time_out_of_bounds_or_of_another_type_is_refused(bad):
    with pytest.raises(AdapterError):
        adapted("deepgram", [FAMILIES["seconds"][1] | bad])


def test_each_new_name_is_a_new_session_and_an_old_one_keeps_its_own():
    state, epochs = Sessions(), []
    for name in ("a", "a", "b", "a", "c", None):
        state, epoch = sessions.named(state, name)
        epochs.append(epoch)
    assert epochs == [0, 0, 1, 0, 2, 2]


def test_a_session_that_begins_again_under_its_name_is_a_new_one():
    state, _ = sessions.named(sessions.begun(Sessions(), "a"), "a")
    state = sessions.begun(sessions.heard(state, 8.0), "a")
    assert sessions.named(state, "a")[1] == 1


def test_a_session_that_begins_before_anything_was_said_is_the_first():
    state = sessions.begun(sessions.begun(Sessions()))
    assert state.epoch == 0


@given(st.lists(st.floats(0, 300), max_size=30))
def test_times_that_go_on_are_of_one_session(steps):
    state = Sessions()
    end_s = 0.0
    for step_s in steps:
        end_s += step_s
        # A final may end earlier than the guess before it.
        state = sessions.heard(sessions.heard(state, end_s), max(0.0, end_s - 4.9))
    assert state.epoch == 0


@given(st.floats(11, 1e6), st.floats(0, 5))
def test_times_that_fall_back_begin_a_new_session(end_s, anew_s):
    state = sessions.heard(sessions.heard(Sessions(), end_s), anew_s)
    assert (state.epoch, state.end_s) == (1, anew_s)


@given(st.lists(st.text(max_size=300), max_size=30))
def test_few_names_of_sessions_are_kept(names):
    state = Sessions()
    for name in names:
        state, _ = sessions.named(state, name)
    assert len(state.named) <= sessions.REMEMBERED
