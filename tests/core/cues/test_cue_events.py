"""What each caption event does to the cues sent before."""

from hypothesis import given
from msgspec.structs import replace

from schemas.captions import (
    CaptionFinal,
    CaptionRevised,
    CaptionUpdated,
    CaptionWithdrawn,
)
from tests.core.cues.cue_histories import current, final, grown, histories, run
from workers.core.cues import PROFILES, WEB, CueState, step
from workers.core.cues.remembering import find
from workers.core.cues.state import MAX_CAPTIONS, MAX_SIZE
from workers.core.cues.step import _continued

LONG = (
    "The ferry leaves at nine in the morning and it comes back at six in the evening,"
    " so there is time enough to see the island and the old lighthouse."
)


def revised(text, number=0, *, is_final=True, stable=None, **fields):
    return CaptionRevised(
        stream_id="s",
        caption_id=f"0-7.c{number}",
        revision=9,
        text=text,
        stable=len(text) if stable is None else stable,
        final=is_final,
        reason="final_changed" if is_final else "stable_changed",
        **{"start_s": 0.0, "end_s": len(text) / 15, **fields},
    )


def ids(cues):
    return [(cue.cue_id, cue.revision, cue.withdrawn) for cue in cues]


def test_a_growing_caption_gives_no_cue_while_one_cue_holds_its_stable_words():
    state = CueState(stream_id="s", life="0-7")
    for stable in range(70):
        after, cues = step(state, grown("0-7.c0", 0, LONG, stable, {}), WEB)
        assert after is state
        assert cues == ()


def test_a_growing_caption_gives_a_cue_as_soon_as_its_stable_words_need_a_second():
    events = [grown("0-7.c0", 0, LONG, stable, {}) for stable in range(len(LONG))]
    state = CueState(stream_id="s", life="0-7")
    firsts = []
    for event in events:
        state, cues = step(state, event, WEB)
        firsts += [(event.stable, cue.lines) for cue in cues]
    stable, lines = firsts[0]
    assert stable <= 2 * 42 + 10
    assert lines == (
        "The ferry leaves at nine in the morning",
        "and it comes back at six in the evening,",
    )


def test_stable_words_that_last_too_long_for_a_cue_are_sent_before_it_is_full():
    text = "Well so now then here we are again"
    times = {"start_s": 0.0, "end_s": 14.0}
    _, cues = run([grown("0-7.c0", 0, text, len(text), times)], WEB)
    assert len(cues) == 1
    assert cues[0].end_s - cues[0].start_s <= 7.0


def test_stable_words_do_not_wait_while_those_that_may_change_take_their_time():
    text = "Well then, let us see what may still change"
    stable = len("Well then, let us")
    early = grown("0-7.c0", 0, text, stable, {"start_s": 0.0, "end_s": 6.0})
    late = grown("0-7.c0", 0, text, stable, {"start_s": 0.0, "end_s": 12.0})
    assert run([early], WEB)[1] == []
    _, (cue,) = run([early, late], WEB)
    assert cue.lines == ("Well then, let us",)


def test_a_stable_word_that_may_still_grow_waits_for_its_end():
    text = "Well then we don't know and nobody does"
    stable = len("Well then we don")
    times = {"start_s": 0.0, "end_s": 14.0}
    _, (cue,) = run([grown("0-7.c0", 0, text, stable, times)], WEB)
    assert cue.lines == ("Well then we",)


def test_words_that_may_change_are_in_no_cue():
    _, cues = run([grown("0-7.c0", 0, LONG, 10, {})], WEB)
    assert cues == []


def test_wide_characters_fill_a_cue_with_half_as_many():
    text = "我" * 60
    _, cues = run([grown("0-7.c0", 0, text, 42, {})], WEB)
    assert cues == []
    _, cues = run([grown("0-7.c0", 0, text, 43, {})], WEB)
    assert [cue.lines for cue in cues] == [("我" * 21, "我" * 21)]


@given(histories())
def test_the_quick_look_at_a_growing_caption_says_what_a_thorough_one_would(events):
    state = CueState(stream_id="s", life="0-7")
    for event in events:
        if isinstance(event, CaptionUpdated):
            shown = find(state, event.caption_id)
            thorough = _continued(state, shown, event, WEB, final=False)
            assert step(state, event, WEB) == thorough
        state, _ = step(state, event, WEB)
        # What waits is looked at before.
        state = replace(state, waiting=())


def test_an_update_after_the_final_changes_nothing():
    state, _ = run([final("Yes.")], WEB)
    after, cues = step(state, grown("0-7.c0", 9, LONG, len(LONG), {}), WEB)
    assert after is state
    assert cues == ()


def test_the_final_sends_only_what_is_left():
    _, live = run([grown("0-7.c0", 0, LONG, 100, {"start_s": 0, "end_s": 9})], WEB)
    assert len(live) == 1
    _, cues = run(
        [grown("0-7.c0", 0, LONG, 100, {"start_s": 0, "end_s": 9}), final(LONG)], WEB
    )
    assert cues[:1] == live
    assert ids(cues) == [("0-7.web.0", 0, False), ("0-7.web.1", 0, False)]


def test_a_revision_with_as_many_cues_keeps_their_ids_one_revision_on():
    better = LONG.replace("lighthouse", "windmill")
    _, cues = run([final(LONG), revised(better)], WEB)
    assert ids(cues) == [
        ("0-7.web.0", 0, False),
        ("0-7.web.1", 0, False),
        ("0-7.web.0", 1, False),
        ("0-7.web.1", 1, False),
    ]
    assert cues[2].lines == cues[0].lines


def test_a_shorter_revision_withdraws_the_cues_it_does_not_need():
    _, cues = run([final(LONG), revised("The ferry leaves.")], WEB)
    assert ids(cues)[2:] == [("0-7.web.0", 1, False), ("0-7.web.1", 1, True)]
    assert cues[-1].lines == ()


def test_a_longer_revision_takes_new_ids_for_the_cues_it_needs():
    _, cues = run([final("The ferry."), final("No.", number=1), revised(LONG)], WEB)
    assert ids(cues)[2:] == [("0-7.web.0", 1, False), ("0-7.web.2", 0, False)]


def test_a_withdrawn_caption_withdraws_its_cues_and_their_ids_stay_unused():
    gone = CaptionWithdrawn(
        stream_id="s", caption_id="0-7.c0", revision=1, reason="words_gone"
    )
    _, cues = run([final(LONG), gone, gone, final("Yes.", number=1)], WEB)
    assert ids(cues)[2:] == [
        ("0-7.web.0", 1, True),
        ("0-7.web.1", 1, True),
        ("0-7.web.2", 0, False),
    ]


def test_a_revision_of_an_open_caption_withdraws_what_is_not_stable_any_more():
    times = {"start_s": 0.0, "end_s": 9.0}
    _, cues = run(
        [
            grown("0-7.c0", 0, LONG, 100, times),
            revised("Another thing is said.", is_final=False, stable=7),
            final("Another thing is said."),
        ],
        WEB,
    )
    assert ids(cues)[1:] == [("0-7.web.0", 1, True), ("0-7.web.1", 0, False)]


def test_a_cue_is_kept_only_where_its_last_word_cannot_grow():
    times = {"start_s": 0.0, "end_s": 6.0}
    _, before = run([grown("0-7.c0", 0, LONG, 100, times)], WEB)
    said = len(" ".join(before[0].lines))
    _, cues = run(
        [
            grown("0-7.c0", 0, LONG, 100, times),
            revised(LONG, is_final=False, stable=said, **times),
        ],
        WEB,
    )
    assert ids(cues)[1:] == [("0-7.web.0", 1, True)]


def test_a_caption_of_more_cues_than_are_remembered_is_not_revised():
    text = "word " * MAX_SIZE
    state, cues = run([final(text, end_s=1e4)], WEB)
    assert 7 * len(cues) > MAX_SIZE
    assert step(state, revised("Something else."), WEB) == (state, ())


def test_a_revision_of_a_caption_no_longer_remembered_gives_no_cue():
    finals = [final("Yes indeed.", number=n) for n in range(MAX_CAPTIONS + 1)]
    _, cues = run([*finals, revised("No indeed.", number=0)], WEB)
    assert len(cues) == MAX_CAPTIONS + 1
    _, cues = run([*finals, revised("No indeed.", number=1)], WEB)
    assert cues[-1].lines == ("No indeed.",)


def test_an_open_caption_outlives_any_number_of_final_ones():
    times = {"start_s": 0.0, "end_s": 9.0}
    finals = [final("Yes indeed.", number=n) for n in range(1, 60)]
    events = [grown("0-7.c0", 0, LONG, 100, times), *finals, final(LONG)]
    _, cues = run(events, WEB)
    said = " ".join(
        " ".join(cue.lines) for cue in current(cues) if cue.caption_ids == ("0-7.c0",)
    )
    assert said == LONG


def test_a_caption_without_words_has_no_cue_but_may_be_revised_to_one():
    _, cues = run([final(" \n "), revised("Yes.")], WEB)
    assert ids(cues) == [("0-7.web.0", 0, False)]


def test_captions_with_long_strange_names_are_told_apart():
    def named(name):
        return CaptionFinal(
            stream_id="s", caption_id=name, revision=0, text="Yes.", stable=4
        )

    name = "ünd\x00" * 60
    _, cues = run([named(name + "a"), named(name + "b")], WEB)
    assert [cue.caption_ids[0][-1] for cue in cues] == ["a", "b"]
    assert len({cue.cue_id for cue in cues}) == 2


def test_each_profile_has_cue_ids_of_its_own():
    named = {run([final("Yes.")], p)[1][0].cue_id for p in PROFILES.values()}
    assert named == {"0-7.web.0", "0-7.netflix.0", "0-7.bbc.0", "0-7.cea608.0"}


def test_a_cue_tells_the_speaker_of_its_caption():
    _, cues = run([final("Yes.", speaker="Ada")], WEB)
    assert cues[0].speaker == "Ada"
