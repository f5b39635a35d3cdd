"""What viewers have of a caption, by its number."""

from workers.core.merging.sight import UNSEEN, Seen
from workers.core.merging.state import MergeState


def seen(state: MergeState, number: int) -> Seen:
    """Return a caption that is open or still kept; an empty one for any other."""
    if number >= state.next_number:
        return UNSEEN
    for channel in state.channels:
        for shown in channel.shown:
            if shown.number == number:
                return Seen(shown.text, shown.stable)
    for caption in reversed(state.closed):
        if caption.number == number:
            written = caption.correction
            text = caption.text if written is None else written.text
            return Seen(text, len(text), final=True)
    return UNSEEN
