"""What is told of a watched phrase, and when it is taken back."""

from collections import defaultdict

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from schemas.captions import CaptionFinal, CaptionRevised, CaptionWithdrawn
from schemas.segment import Word
from workers.core.watching import MAX_BYTES, MAX_SPOTS, Place, WatchState, step

LIFE = "3-1042"


class Letters:
    """Watches for the letters a and b."""

    def find(self, text):
        places = [
            Place(at, at + 1, sign) for at, sign in enumerate(text) if sign in "ab"
        ]
        return tuple(places[:MAX_SPOTS])


def caption(kind, number, text="", revision=0, **more):
    fields = {"stream_id": "talk", "caption_id": f"{LIFE}.c{number}"}
    fields["revision"] = revision
    if kind is CaptionWithdrawn:
        return kind(**fields, reason="noise")
    if kind is CaptionRevised:
        fields |= {"final": True, "reason": "final_changed"}
    return kind(
        **fields | {"text": text, "stable": 0, "start_s": 7.0, "end_s": 9.0} | more
    )


TEXTS = st.text("abx ", max_size=10)
EVENTS = st.lists(
    st.tuples(
        st.sampled_from((CaptionRevised, CaptionRevised, CaptionWithdrawn)),
        st.integers(0, 4),
        TEXTS,
    ),
    max_size=25,
)


def run(events, watch=None):
    state = WatchState()
    told = []
    for event in events:
        number = int(event.caption_id.rpartition(".c")[2])
        state, messages = step(state, event, number, watch or Letters())
        told += messages
    return state, told


@given(st.lists(TEXTS, min_size=5, max_size=5), EVENTS)
def test_what_stands_in_the_end_is_what_the_last_texts_hold(texts, revised):
    events = [caption(CaptionFinal, n, text) for n, text in enumerate(texts)]
    last = dict(enumerate(texts))
    for revision, (kind, number, text) in enumerate(revised, start=1):
        events.append(caption(kind, number, text, revision))
        last[number] = "" if kind is CaptionWithdrawn else text
    _, told = run(events)
    newest = {}
    revisions = defaultdict(list)
    for one in told:
        newest[one.spot_id] = one
        revisions[one.spot_id].append(one.revision)
    assert all(each == list(range(len(each))) for each in revisions.values())
    standing = {
        (one.caption_id, one.name, one.start)
        for one in newest.values()
        if not one.withdrawn
    }
    assert standing == {
        (f"{LIFE}.c{number}", place.name, place.start)
        for number, text in last.items()
        for place in Letters().find(text)
    }


@given(st.lists(TEXTS, min_size=5, max_size=5), EVENTS)
def test_a_state_written_and_read_again_changes_nothing(texts, revised):
    events = [caption(CaptionFinal, n, text) for n, text in enumerate(texts)]
    events += [caption(*one) for one in revised]
    _, expected = run(events)
    state, told = WatchState(), []
    for event in events:
        number = int(event.caption_id.rpartition(".c")[2])
        state, messages = step(state, event, number, Letters())
        told += messages
        state = msgspec.json.decode(msgspec.json.encode(state), type=WatchState)
    assert told == expected


def test_only_the_spots_of_the_newest_captions_are_kept():
    state, told = run([caption(CaptionFinal, n, "abab") for n in range(90)])
    assert len(told) == 360
    numbers = [spot.number for spot in state.spots]
    assert numbers == sorted(numbers)
    assert set(range(75, 90)) <= set(numbers)
    assert 0 not in numbers


@given(st.lists(st.text(max_size=60), max_size=12), st.integers(0, 10**9))
def test_what_is_kept_is_bounded_whatever_is_said(texts, first):
    class Everything:
        def find(self, text):
            return tuple(Place(0, size, "n" * 32) for size in range(1, 9) if text)

    state = WatchState()
    for number, text in enumerate(texts * 9, start=first):
        event = caption(CaptionFinal, number, text)
        state, _ = step(state, event, number, Everything())
        assert len(msgspec.json.encode(state)) <= MAX_BYTES + 4


def test_a_phrase_has_the_times_of_its_words_where_they_are_known():
    words = (
        Word(text="x", start_s=7.0, end_s=7.5),
        Word(text="a,", start_s=7.5, end_s=8.25),
        Word(text="b", start_s=8.25, end_s=9.0),
    )
    _, (first, second) = run([caption(CaptionFinal, 0, "x a, b", words=words)])
    assert (first.start_s, first.end_s, first.text) == (7.5, 8.25, "a")
    assert (second.start_s, second.end_s, second.text) == (8.25, 9.0, "b")
    _, (alone,) = run([caption(CaptionFinal, 0, "x a")])
    assert (alone.start_s, alone.end_s) == (7.0, 9.0)


def test_a_withdrawn_phrase_says_what_it_was():
    events = [caption(CaptionFinal, 0, "an"), caption(CaptionWithdrawn, 0, revision=1)]
    _, (told, gone) = run(events)
    assert (gone.spot_id, gone.revision, gone.withdrawn) == (told.spot_id, 1, True)
    assert (gone.text, gone.name) == ("a", "a")
