"""State to bytes and back, with its version."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import msgspec

from workers.agents.packing import packed, to_msgpack, unpacked
from workers.delivery.exits import StateUnreadableError, UnknownStateVersionError

S = TypeVar("S")


class StateCodec(Generic[S]):
    """Writes one version of a state as JSON, and reads it.

    Args:
        agent: Whose state it is.
        version: Raised when what was written before needs help to be read; the one
            before must then be read too.
        kind: The type of the state.
        before: Reads what the version before wrote; None where that cannot be there.
    """

    def __init__(
        self,
        agent: str,
        version: int,
        kind: Any,
        before: Callable[[bytes], S] | None = None,
    ) -> None:
        self._agent = agent
        self.state_version = version
        self.kind = kind
        self._encode: Callable[[S], bytes] = msgspec.json.Encoder().encode
        self._readers: dict[int, Callable[[bytes], S]] = {
            version: msgspec.json.Decoder(kind).decode
        }
        if before is not None:
            self._readers[version - 1] = before

    @property
    def versions(self) -> tuple[int, ...]:
        """All that are read, the newest last."""
        return tuple(sorted(self._readers))

    def encode_state(self, state: S) -> bytes:
        """Return the bytes of a state."""
        return self._encode(state)

    def decode_state(self, version: int, data: bytes) -> S:
        """Return the state in *data*.

        Raises:
            UnknownStateVersionError: It was written by another version.
            StateUnreadableError: It is no state.
        """
        read = self._readers.get(version)
        if read is None:
            raise UnknownStateVersionError(
                f"a state of agent {self._agent} has version {version}, "
                f"this worker reads {' and '.join(map(str, self.versions))}"
            )
        try:
            return read(data)
        except (msgspec.MsgspecError, ValueError) as error:
            raise StateUnreadableError(
                f"state of agent {self._agent}: {error}"
            ) from error


class PackedStateCodec(StateCodec[S]):
    """Writes it packed, and reads what the version before wrote as JSON.

    Args:
        agent: Whose state it is.
        version: As above.
        kind: The type of the state.
        written: What is to be written of a state, where it is not the state itself.
        before: Reads what the version before wrote.
    """

    def __init__(
        self,
        agent: str,
        version: int,
        kind: Any,
        written: Callable[[S], object],
        before: Callable[[bytes], S],
    ) -> None:
        super().__init__(agent, version, kind, before)
        decode = msgspec.msgpack.Decoder(kind).decode
        self._encode = lambda state: packed(to_msgpack(written(state)))
        self._readers[version] = lambda data: decode(unpacked(data))
