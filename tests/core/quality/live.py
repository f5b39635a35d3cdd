"""A stream through all that agent `merge` decides, as its readers see it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from schemas.captions import (
    Caption,
    CaptionFinal,
    CaptionUpdated,
    CaptionWithdrawn,
    Cue,
)
from schemas.metrics import StreamMetrics
from schemas.segment import CaptionCorrection, CaptionSegment
from workers.core.captioning import deadline_ms, on_correction, on_deadline, on_segment
from workers.core.lives import CaptionRules, Live
from workers.core.quality import QualityRules, mask_for

RULES = CaptionRules()
START_MS = 1_800_000_000_000


def masking(*words):
    return CaptionRules(quality=QualityRules(mask=mask_for(words)))


def interim(text, start_s=None, end_s=None, **more):
    return segment(text, start_s, end_s, is_final=False, **more)


def final(text, start_s=None, end_s=None, **more):
    return segment(text, start_s, end_s, is_final=True, **more)


def segment(text, start_s=None, end_s=None, **more):
    more = {"stream_id": "talk", **more}
    return CaptionSegment(text=text, start_s=start_s, end_s=end_s, **more)


@dataclass
class Stream:
    """One stream, by a clock of its own; every event that it gave."""

    rules: CaptionRules = RULES
    state: object = None
    now_ms: int = START_MS
    heard: int = 0
    events: list = field(default_factory=list)

    def hear(self, *segments, after_ms=300):
        for one in segments:
            self.wait(after_ms)
            self.state, said = on_segment(
                self.state,
                one,
                self.rules,
                place=f"0-{self.heard}",
                arrived_ms=self.now_ms,
                now_ms=self.now_ms,
            )
            self.heard += 1
            self.events += said
        return self

    def wait(self, after_ms):
        until_ms = self.now_ms + after_ms
        while self.state is not None:
            due_ms = deadline_ms(self.state, self.rules)
            if due_ms > until_ms:
                break
            self.now_ms = due_ms
            self.state, said = on_deadline(self.state, due_ms, self.rules)
            self.events += said
        self.now_ms = until_ms
        return self

    def correct(self, number, text):
        one = CaptionCorrection(
            stream_id="talk",
            caption_id=f"0-0.c{number}",
            text=text,
            corrected_by="editor",
            corrected_at=datetime.fromtimestamp(self.now_ms / 1000, UTC),
        )
        self.state, said = on_correction(self.state, one, self.rules)
        self.events += said
        return self

    def end(self):
        return self.hear(final("", end_of_stream=True))

    def of(self, *kinds):
        return [event for event in self.events if isinstance(event, kinds)]

    @property
    def live(self):
        assert isinstance(self.state, Live)
        return self.state

    @property
    def captions(self):
        return self.of(Caption)

    @property
    def finals(self):
        return self.of(CaptionFinal)

    @property
    def updates(self):
        return self.of(CaptionUpdated)

    @property
    def withdrawn(self):
        return self.of(CaptionWithdrawn)

    @property
    def cues(self):
        return self.of(Cue)

    @property
    def metrics(self):
        return self.of(StreamMetrics)

    @property
    def flags(self):
        """The names of the flags of each final caption."""
        return [[flag.name for flag in caption.flags] for caption in self.finals]


def hear(*segments, rules=RULES):
    return Stream(rules).hear(*segments)
