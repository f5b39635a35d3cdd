"""Captions as merging sends them: how a random text grows, ends and is revised."""

from hypothesis import strategies as st

from schemas.captions import (
    CaptionFinal,
    CaptionRevised,
    CaptionUpdated,
    CaptionWithdrawn,
)
from schemas.segment import Word
from workers.core.cues.state import CueState
from workers.core.cues.step import step

_ATOMS = [
    *"a I the of and said Mr. Smith New York 42 percent, however; yes. no? 3.5".split(),
    "extraordinarily",
    "donaudampfschifffahrtsgesellschaftskapitänsmütze",
    "naïve",
    "e\u0301te\u0301",
    "ZA\u0335\u0321\u0322LGO",
    "👩‍👩‍👧‍👦",
    "🇩🇪🇫🇷",
    "❤️",
    "1️⃣",
    "今日は東京へ行きます。",
    "「ラーメン」を食べる、",
    "我们明天去公园看花，",
    "วันนี้อากาศดีมาก",
    "안녕하세요",
    "שלום",
    "العالَم",
    "क्षत्रिय",
    "\u200b",
    "a\u00a0b",
    "\u0301",
    "x" * 100,
    "漢" * 60,
    "👍🏽" * 30,
]
_SPACES = [" ", " ", " ", " ", "", "  ", "\n", "\u3000", "\u00a0", "\t"]

TEXTS = st.lists(
    st.tuples(st.sampled_from(_ATOMS) | st.text(max_size=6), st.sampled_from(_SPACES)),
    max_size=45,
).map(lambda parts: "".join(atom + space for atom, space in parts))


@st.composite
def timed(draw, text, start_s):
    """Draw the times of a caption: all of it, each word, wrong ones, or none."""
    kind = draw(st.sampled_from(["whole", "whole", "words", "none", "wrong"]))
    if kind == "none":
        return {}
    rate = draw(st.floats(2, 40))
    whole = {"start_s": start_s, "end_s": start_s + len(text) / rate}
    if kind == "whole":
        return whole
    words, at_s = [], start_s
    for said in text.split():
        end_s = at_s + len(said) / rate
        words.append(Word(text=said, start_s=at_s, end_s=end_s))
        at_s = end_s + draw(st.sampled_from([0.0, 0.0, 0.2, 2.0]))
    if kind == "wrong":
        words = draw(st.permutations(words)) if len(words) < 9 else words[::-1]
    return {"start_s": start_s, "end_s": max(at_s, start_s), "words": tuple(words)}


def grown(name, revision, text, stable, times):
    """Make an open caption."""
    return CaptionUpdated(
        stream_id="s",
        caption_id=name,
        revision=revision,
        text=text,
        stable=stable,
        **times,
    )


@st.composite
def histories(draw, captions=3):
    """Draw the events of some captions, one after the other, revisions among them."""
    events, start_s = [], 0.0
    finals = []
    for number in range(draw(st.integers(1, captions))):
        name = f"0-7.c{number}"
        text = draw(TEXTS)
        times = draw(timed(text, start_s))
        start_s = times.get("end_s", start_s) + draw(st.sampled_from([0.0, 0.05, 1.0]))
        revision = 0
        cuts = draw(st.lists(st.integers(0, len(text)), max_size=6).map(sorted))
        if draw(st.integers(0, 3)) == 0:
            wrong = text[: draw(st.integers(0, len(text)))] + draw(TEXTS)
            events.append(grown(name, revision, wrong, len(wrong), times))
            cuts = cuts or [0]
            events.append(
                CaptionRevised(
                    stream_id="s",
                    caption_id=name,
                    revision=revision + 1,
                    text=text,
                    stable=cuts[0],
                    final=False,
                    reason="stable_changed",
                    **times,
                )
            )
            revision += 2
        for stable in cuts:
            open_end = draw(st.sampled_from(["", " maybe", "x", "漢"]))
            events.append(
                grown(name, revision, text[:stable] + open_end, stable, times)
            )
            revision += 1
        events.append(
            CaptionFinal(
                stream_id="s",
                caption_id=name,
                revision=revision,
                text=text,
                stable=len(text),
                **times,
            )
        )
        finals.append((name, text, times, revision))
    for name, text, times, revision in finals:
        kind = draw(st.sampled_from(["none", "none", "revised", "withdrawn"]))
        if kind == "revised":
            keep = draw(st.integers(0, len(text)))
            better = text[:keep] + draw(TEXTS)
            events.append(
                CaptionRevised(
                    stream_id="s",
                    caption_id=name,
                    revision=revision + 1,
                    text=better,
                    stable=len(better),
                    final=True,
                    reason="final_changed",
                    **times,
                )
            )
        elif kind == "withdrawn":
            events.append(
                CaptionWithdrawn(
                    stream_id="s", caption_id=name, revision=revision + 1, reason="gone"
                )
            )
    return events


def run(events, profile, state=None):
    """Return the last state and all cues that came."""
    state = state or CueState(stream_id="s", life="0-7")
    cues = []
    for event in events:
        state, new = step(state, event, profile)
        cues += new
    return state, cues


def current(cues):
    """Return the cues as a client has them after all of *cues*, in order of number."""
    known = {}
    for cue in cues:
        before = known.get(cue.cue_id)
        assert cue.revision == (0 if before is None else before.revision + 1)
        assert before is None or not before.withdrawn, "an id was used again"
        known[cue.cue_id] = cue
    return sorted(
        (cue for cue in known.values() if not cue.withdrawn),
        key=lambda cue: int(cue.cue_id.rpartition(".")[2]),
    )


def letters(text):
    """Return text without spaces."""
    return "".join(text.split())


def final(text, *, start_s=0.0, end_s=None, number=0, **fields):
    """Make a final caption, 15 code points a second where no end is given."""
    return CaptionFinal(
        stream_id="s",
        caption_id=f"0-7.c{number}",
        revision=0,
        text=text,
        stable=len(text),
        start_s=start_s,
        end_s=len(text) / 15 + (start_s or 0) if end_s is None else end_s,
        **fields,
    )


def why(cue):
    """Return the rules a cue breaks with the reasons: ``{rule: because}``."""
    return {broken.rule: broken.because for broken in cue.compliance}
