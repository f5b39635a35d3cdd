"""All cues of a finished recording, from its final captions."""

from collections.abc import Iterable, Sequence

from schemas.captions import Caption, Cue
from workers.core.cues.compliance import broken_rules
from workers.core.cues.profiles import Profile
from workers.core.cues.reflow.blocks import Block, block, together
from workers.core.cues.reflow.passages import Passage, passages
from workers.core.cues.reflow.search import cut_passage
from workers.core.cues.reflow.timing import shown_spans
from workers.core.cues.surroundings import Surroundings
from workers.core.cues.timing import Span


def reflow(captions: Sequence[Caption], profile: Profile) -> list[Cue]:
    """Cut the captions of a finished recording into cues.

    Other than live, a cue may have words of several captions of one speaker, stays as
    long as it takes to read it where silence follows, and knows what comes after it.

    Args:
        captions: Those that stand in the end, of one stream, in the order of their
            start; a caption without a time stays behind the one before it.
        profile: What a cue may be.

    Returns:
        Cues in the order of the screen; those with times do not overlap. Their ids
        (``<life>.<profile>.r<number>``) are none of the live ones.
    """
    blocks = _blocks(list(passages(captions, profile)), profile)
    if profile.speakers == "together" and profile.max_lines > 1:
        blocks = together(blocks, profile)
    timed = [one for one in blocks if one.spoken is not None]
    spans = iter(shown_spans([one.wanted() for one in timed], profile))
    shown = [next(spans) if one.spoken is not None else None for one in blocks]
    stream_id = captions[0].stream_id if captions else ""
    return [
        _cue(stream_id, place, one, shown, profile) for place, one in enumerate(blocks)
    ]


def _blocks(found: Sequence[Passage], profile: Profile) -> list[Block]:
    blocks: list[Block] = []
    for place, passage in enumerate(found):
        if passage.units:
            next_s = _next_s(found[place + 1 :])
            cuts = cut_passage(passage, profile, next_s)
            blocks += [block(passage, cut, profile) for cut in cuts]
    return _by_time(blocks)


def _next_s(following: Iterable[Passage]) -> float:
    for passage in following:
        if passage.spans:
            return passage.spans[0].start_s
    return float("inf")


def _by_time(blocks: list[Block]) -> list[Block]:
    """Sort by start, where two speak at once; nobody's own words change their order.

    What has no time stays in its place.
    """
    latest_s = 0.0
    own_s: dict[str | None, float] = {}
    keys = []
    for one in blocks:
        if one.spoken is not None:
            latest_s = one.spoken.start_s
        speaker = one.speakers[0]
        own_s[speaker] = latest_s = max(latest_s, own_s.get(speaker, 0.0))
        keys.append(latest_s)
    order = sorted(range(len(blocks)), key=keys.__getitem__)
    return [blocks[place] for place in order]


def _cue(
    stream_id: str,
    place: int,
    one: Block,
    shown: Sequence[Span | None],
    profile: Profile,
) -> Cue:
    span = shown[place]
    near = None
    if one.spoken is not None:
        before = shown[place - 1] if place else None
        after = shown[place + 1] if place + 1 < len(shown) else None
        near = Surroundings(
            one.spoken,
            before_s=None if before is None else before.end_s,
            next_s=None if after is None else after.start_s,
        )
    several = len(set(one.speakers)) > 1
    life = one.caption_ids[0].rpartition(".")[0]
    return Cue(
        stream_id=stream_id,
        cue_id=f"{life}.{profile.name}.r{place}",
        revision=0,
        caption_ids=one.caption_ids,
        start_s=None if span is None else span.start_s,
        end_s=None if span is None else span.end_s,
        lines=one.lines,
        profile=profile.name,
        speaker=None if several else one.speakers[0],
        line_speakers=one.speakers if several else None,
        language=one.language,
        compliance=broken_rules(
            span, near, one.read, profile, split=one.split, single=one.single
        ),
    )
