"""The display contract: what must hold of every event of captions (rule 9)."""

from msgspec import Struct, field

from schemas.captions import (
    Caption,
    CaptionFinal,
    CaptionRevised,
    CaptionWithdrawn,
    StreamEnded,
)
from workers.core.outputs import Output
from workers.core.text import graphemes, nfc

LONGEST = 300
"""Code points of a caption that no final revised."""
JITTER_S = 0.05


class Contract(Struct):
    """Looks at events in order and notes each breach, in words."""

    breaches: list[str]
    captions: dict[str, Caption] = field(default_factory=dict)
    """As last told; without those withdrawn."""
    gone: set[str] = field(default_factory=set)
    finals: set[str] = field(default_factory=set)
    latest_s: dict[str | None, float] = field(default_factory=dict)
    """The latest start of a final caption, for each channel."""
    ended: bool = False

    def look(self, output: Output) -> None:
        """Look at the next event."""
        match output:
            case Caption():
                self._told(output)
                self._changed(output)
                if isinstance(output, CaptionFinal):
                    self._final(output)
                self.captions[output.caption_id] = output
            case CaptionWithdrawn():
                self._withdrawn(output)
            case StreamEnded():
                self.ended = True
                if output.captions < len(self.captions):
                    self.breaches.append("the end counts too few captions")
            case _:
                pass

    def look_back(self) -> None:
        """Check what must hold at the end."""
        if not self.ended:
            self.breaches.append("the stream has no end")
        self.breaches += [
            f"never final nor withdrawn: {caption.text!r}"
            for caption_id, caption in self.captions.items()
            if caption_id not in self.finals
        ]

    def _wrong(self, what: str, told: Caption) -> None:
        self.breaches.append(f"{what}: {told.caption_id} {told.text!r}")

    def _told(self, told: Caption) -> None:
        """Check what holds of a caption whatever was told before."""
        if not told.text or told.text != nfc(told.text):
            self._wrong("text empty or not NFC", told)
        ends = {0}
        place = 0
        for grapheme in graphemes(told.text):
            place += len(grapheme)
            ends.add(place)
        if told.stable not in ends:
            self._wrong(f"stable {told.stable} inside a grapheme", told)
        start_s, end_s = told.start_s, told.end_s
        if start_s is not None and end_s is not None and end_s < start_s:
            self._wrong(f"ends {end_s} before it starts {start_s}", told)
        if not isinstance(told, CaptionRevised) and len(told.text) > LONGEST:
            self._wrong(f"longer than {LONGEST}", told)

    def _changed(self, told: Caption) -> None:
        """Check a caption against what viewers had of it."""
        before = self.captions.get(told.caption_id)
        if told.caption_id in self.gone:
            self._wrong("told after it was withdrawn", told)
        if told.revision != (0 if before is None else before.revision + 1):
            self._wrong("revision hole", told)
        again = isinstance(told, CaptionRevised) and told.final
        if told.caption_id in self.finals and not again:
            self._wrong("changed after it was final, without a revision", told)
        if before is None or isinstance(told, CaptionRevised):
            return
        if not told.text.startswith(before.text[: before.stable]):
            self._wrong(f"stable text changed from {before.text!r}", told)
        if told.stable < before.stable:
            self._wrong("stable shrinks", told)

    def _final(self, told: CaptionFinal) -> None:
        if told.caption_id in self.finals:
            self._wrong("final twice", told)
        self.finals.add(told.caption_id)
        if told.start_s is None or told.late:
            return
        latest_s = self.latest_s.get(told.channel, 0.0)
        if told.start_s < latest_s - JITTER_S:
            self._wrong(f"starts {told.start_s} after {latest_s}", told)
        self.latest_s[told.channel] = max(told.start_s, latest_s)

    def _withdrawn(self, told: CaptionWithdrawn) -> None:
        before = self.captions.pop(told.caption_id, None)
        if before is None or told.revision != before.revision + 1:
            self.breaches.append(f"withdrawn out of turn: {told.caption_id}")
        self.gone.add(told.caption_id)
