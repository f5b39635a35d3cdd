"""What merging tells, seen as a viewer sees it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from schemas.captions import (
    Caption,
    CaptionFinal,
    CaptionRevised,
    CaptionWithdrawn,
)
from schemas.segment import CaptionCorrection, CaptionSegment
from workers.core.merging import (
    MergeSettings,
    MergeState,
    close_all,
    correct,
    deadline_ms,
    step,
    tick,
)
from workers.core.outputs import Noted, Refused

SETTINGS = MergeSettings()
START = MergeState(stream_id="talk", life="0-0")


def interim(text, start_s=None, end_s=None, **more):
    return CaptionSegment(
        stream_id="talk",
        text=text,
        is_final=False,
        start_s=start_s,
        end_s=end_s,
        **more,
    )


def final(text, start_s=None, end_s=None, **more):
    return CaptionSegment(
        stream_id="talk",
        text=text,
        is_final=True,
        start_s=start_s,
        end_s=end_s,
        **more,
    )


def correction(number, text, at_s=0.0, life="0-0"):
    return CaptionCorrection(
        stream_id="talk",
        caption_id=f"{life}.c{number}",
        text=text,
        corrected_by="Ann",
        corrected_at=datetime(2026, 11, 24, tzinfo=UTC) + timedelta(seconds=at_s),
    )


@dataclass
class Told:
    """All that was told, and what viewers have on their screens after it."""

    state: MergeState = START
    now_ms: int = 0
    messages: list = field(default_factory=list)
    outcomes: list = field(default_factory=list)
    refused: list = field(default_factory=list)
    screen: dict = field(default_factory=dict)

    def hear(self, segment, after_ms=300):
        self.now_ms += after_ms
        due = deadline_ms(self.state, SETTINGS)
        while due is not None and due <= self.now_ms:
            self.state, said = tick(self.state, due, SETTINGS)
            self._take(said)
            due = deadline_ms(self.state, SETTINGS)
        self.state, said = step(self.state, segment, self.now_ms, SETTINGS)
        self._take(said)
        return self

    def correct(self, number, text, at_s=0.0, life="0-0"):
        wanted = correction(number, text, at_s, life)
        self.state, said = correct(self.state, wanted, SETTINGS)
        self._take(said)
        return self

    def silence(self, seconds=15):
        self.now_ms += round(seconds * 1000)
        self.state, said = tick(self.state, self.now_ms, SETTINGS)
        self._take(said)
        return self

    def end(self):
        self.state, said = close_all(self.state, self.now_ms, SETTINGS)
        self._take(said)
        return self

    def _take(self, said):
        for output in said:
            match output:
                case Noted(outcome):
                    self.outcomes.append(outcome)
                case Refused():
                    self.refused.append(output)
                case CaptionWithdrawn():
                    self._follows(output)
                    del self.screen[output.caption_id]
                    self.messages.append(output)
                case Caption():
                    self._follows(output)
                    self.screen[output.caption_id] = output
                    self.messages.append(output)

    def _follows(self, output):
        """Check what holds for every event: the display contract (rule 9)."""
        before = self.screen.get(output.caption_id)
        assert output.revision == (0 if before is None else before.revision + 1)
        if isinstance(output, CaptionWithdrawn):
            assert before is not None
            return
        assert 0 <= output.stable <= len(output.text)
        assert output.text
        if before is None or isinstance(output, CaptionRevised):
            return
        assert output.text.startswith(before.text[: before.stable])
        assert output.stable >= before.stable

    @property
    def finals(self):
        return [m for m in self.messages if isinstance(m, CaptionFinal)]

    @property
    def texts(self):
        """The text of each caption that is final, as it stands now."""
        done = {m.caption_id for m in self.finals}
        return [shown.text for key, shown in self.screen.items() if key in done]


def hear(*segments):
    told = Told()
    for segment in segments:
        told.hear(segment)
    return told
