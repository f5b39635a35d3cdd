"""Names and revisions of cues: the same in every run over the same captions."""

from collections.abc import Sequence

from schemas.captions import Caption, Cue
from workers.core.cues.laid import Laid
from workers.core.cues.profiles import Profile
from workers.core.cues.remembering import cue_id, remember, text_check
from workers.core.cues.state import CueState, ShownCaption, ShownCue
from workers.core.cues.waiting import waiting_with


def name_and_remember(
    state: CueState,
    shown: ShownCaption,
    left: tuple[ShownCue, ...],
    laid: Sequence[Laid],
    caption: Caption,
    profile: Profile,
    *,
    final: bool,
) -> tuple[CueState, tuple[Cue, ...]]:
    """Name cues, and remember them.

    Args:
        state: The cues up to now.
        shown: What is remembered of the caption, its text up to the first of *laid*.
        left: Its leading cues that stay as they are; the others give their ids to
            the first of *laid*.
        laid: The cues to send.
        caption: The caption.
        profile: What a cue may be.
        final: All words of the caption are in cues now.

    Returns:
        The new state, and the cues as they are sent; last those that are no more.
    """
    sent: list[Cue] = []
    cues = list(left)
    number = state.next_number
    spare = shown.cues[len(left) :]
    start = shown.done
    for place, one in enumerate(laid):
        end = one.line_ends[-1]
        check = text_check(caption.text[start:end])
        if place < len(spare):
            cue = ShownCue(
                spare[place].number, spare[place].revision + 1, one.line_ends, check
            )
        else:
            cue = ShownCue(number, 0, one.line_ends, check)
            number += 1
        start = end
        cues.append(cue)
        sent.append(
            Cue(
                stream_id=state.stream_id,
                cue_id=cue_id(state, cue, profile),
                revision=cue.revision,
                caption_ids=(caption.caption_id,),
                start_s=one.start_s,
                end_s=one.end_s,
                lines=one.lines,
                profile=profile.name,
                speaker=caption.speaker,
                language=caption.language,
                compliance=one.compliance,
            )
        )
    sent += [
        withdrawn(state, caption.caption_id, cue, profile) for cue in spare[len(laid) :]
    ]
    last = laid[-1] if laid else None
    now = ShownCaption(
        shown.key,
        final,
        start,
        last.inside if last else shown.inside,
        last.end_s if last else shown.end_s,
        tuple(cues),
        lost=shown.lost,
        start_s=laid[0].start_s if laid and not left else shown.start_s,
    )
    return (
        CueState(
            stream_id=state.stream_id,
            life=state.life,
            profile=state.profile,
            sharing=state.sharing,
            next_number=number,
            captions=remember(state, now),
            waiting=waiting_with(state, now, caption, last if final else None),
        ),
        tuple(sent),
    )


def withdrawn(state: CueState, caption_id: str, cue: ShownCue, profile: Profile) -> Cue:
    """Say that a cue is no more."""
    return Cue(
        stream_id=state.stream_id,
        cue_id=cue_id(state, cue, profile),
        revision=cue.revision + 1,
        withdrawn=True,
        caption_ids=(caption_id,),
        start_s=None,
        end_s=None,
        lines=(),
        profile=profile.name,
    )
