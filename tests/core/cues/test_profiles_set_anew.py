"""What becomes of a stream's cues when its worker starts again with other profiles."""

from msgspec.structs import replace

from schemas.captions import CaptionRevised, Cue
from schemas.segment import CaptionSegment
from tests.core.cues.cue_histories import final, run
from workers.core.captioning import on_segment
from workers.core.cues import PROFILES, WEB, Profile
from workers.core.lives import MAX_PROFILES, CaptionRules
from workers.core.text import columns


def said(number, text):
    return CaptionSegment(
        stream_id="s",
        text=text,
        is_final=True,
        start_s=number * 4.0,
        end_s=number * 4.0 + 2.0,
    )


def live(*profile_lists):
    """Say one sentence under each list of profiles; return the state and the cues."""
    state, cues = None, []
    for number, profiles in enumerate(profile_lists):
        state, outputs = on_segment(
            state,
            said(number, f"This is sentence {number}."),
            CaptionRules(profiles=tuple(profiles)),
            place=f"0-{number}",
            arrived_ms=1000 * number,
            now_ms=1000 * number,
        )
        cues += [output for output in outputs if isinstance(output, Cue)]
    return state, cues


def test_a_profile_set_later_begins_with_what_is_said_then():
    bbc = PROFILES["bbc"]
    _, cues = live([WEB], [bbc, WEB], [WEB])
    assert [cue.cue_id for cue in cues] == [
        "0-0.web.0",
        "0-0.bbc.0",
        "0-0.web.1",
        "0-0.web.2",
    ]


def test_a_profile_that_comes_back_uses_no_id_again():
    bbc = PROFILES["bbc"]
    _, cues = live([WEB], [bbc], [WEB])
    assert [cue.cue_id for cue in cues] == ["0-0.web.0", "0-0.bbc.0", "0-0.web.1"]


def test_only_so_many_profiles_are_remembered():
    lists = [[replace(WEB, name=f"p{number}")] for number in range(2 * MAX_PROFILES)]
    state, _ = live(*lists)
    assert len(state.cues) == MAX_PROFILES


def test_cues_sent_again_keep_the_lines_of_a_profile_that_became_narrower():
    wide = Profile(name="wall", max_chars=60, max_lines=4)
    narrow = Profile(name="wall", max_chars=20, max_lines=2)
    text = "The ferry leaves at nine in the morning and it comes back at six. " * 2
    state, _ = run([final(text)], wide)
    again = CaptionRevised(
        stream_id="s",
        caption_id="0-7.c0",
        revision=1,
        text=text + "Yes.",
        stable=len(text) + 4,
        final=True,
        reason="final_changed",
    )
    _, cues = run([again], narrow, state)
    assert sum(len(cue.lines) for cue in cues) > 4
    for cue in cues:
        assert len(cue.lines) <= 2
        assert all(columns(line) <= 20 for line in cue.lines)
