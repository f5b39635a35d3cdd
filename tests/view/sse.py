"""Server-sent events read strictly, and a client of a stream without a network."""

import json
from typing import NamedTuple

from workers.view.following import follow


class Event(NamedTuple):
    id: str | None
    kind: str
    data: dict


def parse(sent: bytes) -> list[Event]:
    """Read events; anything that is not exactly an event of ours is an error."""
    events = []
    for block in sent.decode().split("\n\n")[:-1]:
        fields = {}
        for line in block.split("\n"):
            name, colon, value = line.partition(": ")
            assert colon, f"not a field: {line!r}"
            assert name in {"id", "event", "data"}, f"unknown field: {line!r}"
            assert name not in fields, f"a field twice: {block!r}"
            fields[name] = value
        events.append(
            Event(fields.get("id"), fields["event"], json.loads(fields["data"]))
        )
    return events


class Client:
    """Follows a stream inside the running event loop; reads what is there, no more."""

    def __init__(self, stream, kinds=None, position=None) -> None:
        self._chunks = follow(stream, kinds, position)
        self._waiting = None
        self._news = None
        self.events: list[Event] = []

    def read(self, chunks=None) -> list[Event]:
        """Read all that is there, or so many chunks of it; return what was new."""
        sent = b""
        while chunks is None or chunks > 0:
            if self._news is not None and not self._news.done():
                break
            step = self._waiting or self._chunks.__anext__()
            self._waiting = self._news = None
            try:
                news = step.send(None)
            except StopIteration as given:
                sent += given.value
            except StopAsyncIteration:
                break
            else:
                self._waiting, self._news = step, news
                break
            chunks = None if chunks is None else chunks - 1
        new = parse(sent)
        self.events += new
        return new
