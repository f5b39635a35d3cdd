import json
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.view.messages import (
    LIFE,
    STREAM,
    cue,
    ended,
    figures,
    final,
    revised,
    spotted,
    topic,
    updated,
    withdrawn,
)
from workers.view import frames
from workers.view.history import WINDOWS, History


def history_of(*messages, **bounds):
    history = History(LIFE, **bounds)
    for message in messages:
        history.take(message, frames.body(message), 1000)
    return history


def everything(_):
    return True


@given(
    st.lists(
        st.one_of(
            st.builds(updated, st.integers(0, 20), st.text(max_size=200)),
            st.builds(final, st.integers(0, 20), st.text(max_size=200)),
            st.builds(
                revised,
                st.integers(0, 20),
                st.text(max_size=200),
                revision=st.integers(0, 9),
            ),
            st.builds(withdrawn, st.integers(0, 20)),
            st.builds(cue, st.integers(0, 20), st.text(max_size=200)),
            st.builds(figures, st.integers(0, 200)),
            st.builds(
                topic,
                st.sampled_from(["started", "confirmed", "labelled", "withdrawn"]),
                st.integers(0, 9),
            ),
        ),
        max_size=80,
    ),
    st.integers(3000, 20_000),
)
def test_a_history_stays_within_its_bound_and_counts_what_it_holds(messages, bound):
    history = history_of(*messages, max_bytes=bound)
    held = [
        *history.captions.values(),
        *history.cues.values(),
        *history.topics.values(),
        *history.before.values(),
    ]
    beside = [*history.confirmed.values(), *chain(*history.figures.values())]
    size = sum(len(data) + 200 for data in (*(kept.data for kept in held), *beside))
    assert history.bytes == size
    assert size <= bound or (len(history.captions) <= 1 and not history.cues)
    assert history.finals == sum(kept.final for kept in history.captions.values())


@pytest.mark.parametrize("cues", [1, 2, 8])
def test_however_many_cues_a_caption_has_its_beginning_goes_and_its_end_stays(cues):
    lines = ("Good evening, and", "welcome")
    said = []
    for number in range(400):
        said.append(final(number, "Good evening, and welcome to the harbour studio."))
        of = (f"{LIFE}.c{number}",)
        numbers = range(number * cues, (number + 1) * cues)
        said += [cue(each, *lines, caption_ids=of) for each in numbers]
    history = history_of(*said, max_bytes=100_000)
    assert history.bytes <= 100_000
    kept = sorted(history.captions)
    assert kept == list(range(kept[0], 400))
    assert len(kept) > 20
    assert {one.caption for one in history.cues.values()} == set(kept)
    assert history.cut


def test_of_each_caption_the_newest_revision_stands():
    history = history_of(
        updated(0, "good", revision=1),
        final(0, "Good evening.", revision=2),
        updated(0, "go", revision=0),
    )
    (stands,) = history.standing(everything)
    assert json.loads(stands[1])["text"] == "Good evening."


def test_a_correction_keeps_what_was_said_before_it():
    history = history_of(
        final(0, "fifteen chicks"), revised(0, "fifty chicks"), revised(0, "50 chicks")
    )
    told = [(kind, json.loads(data)["text"]) for kind, data in history.standing(bool)]
    assert told == [
        ("CaptionFinal", "fifteen chicks"),
        ("CaptionRevised", "50 chicks"),
    ]


def test_what_a_withdrawn_caption_said_before_goes_with_it():
    history = history_of(final(0, "so"), revised(0, "saw"), withdrawn(0))
    assert list(history.standing(everything)) == []
    assert history.bytes == 0


def test_a_topic_stays_confirmed_when_it_gets_another_name():
    history = history_of(
        topic("started", 1),
        topic("confirmed", 1, revision=1),
        topic("labelled", 1, revision=2, label="lamp"),
        topic("started", 2, first=8),
        topic("labelled", 2, first=8, revision=1, label="birds"),
    )
    assert [kind for kind, _ in history.standing(everything)] == [
        "TopicConfirmed",
        "TopicLabelled",
        "TopicLabelled",
    ]
    assert list(history.confirmed) == [f"{LIFE}.t1"]


def test_a_watched_phrase_stands_until_it_is_withdrawn():
    said = (final(0, "a refund, please"), spotted(0, "refund", "refund"))
    history = history_of(*said, max_bytes=10_000)
    assert [kind for kind, _ in history.standing(everything)] == [
        "CaptionFinal",
        "PhraseSpotted",
    ]
    gone = spotted(0, "refund", "refund", revision=1, withdrawn=True)
    history = history_of(*said, gone)
    assert [kind for kind, _ in history.standing(everything)] == ["CaptionFinal"]


def test_figures_of_a_quarter_of_an_hour_are_kept_and_counted():
    one = history_of(figures(100)).bytes
    history = history_of(*(figures(number) for number in range(100, 600)))
    assert history.bytes == WINDOWS * one
    history = history_of(*(figures(number) for number in range(500)))
    kept = [json.loads(data)["number"] for _, data in history.standing(everything)]
    assert kept == list(range(500 - WINDOWS, 500))


def test_an_id_of_nobody_knows_whom_is_no_caption():
    history = history_of(final(0, "one", caption_id=f"{LIFE}.x9"), ended())
    assert not history.captions
    assert history.ended.stream_id == STREAM
