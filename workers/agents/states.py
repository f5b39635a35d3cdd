"""State to bytes and back, with its version."""

from typing import Any, Generic, TypeVar

import msgspec

from workers.delivery.exits import StateUnreadableError, UnknownStateVersionError

S = TypeVar("S")


class StateCodec(Generic[S]):
    """Writes one version of a state and reads it.

    Args:
        agent: Whose state it is.
        version: Raised when what was written before needs help to be read; the one
            before must then be read too.
        kind: The type of the state.
    """

    def __init__(self, agent: str, version: int, kind: Any) -> None:
        self._agent = agent
        self.state_version = version
        self.kind = kind
        self._encode = msgspec.json.Encoder().encode
        self._decode: msgspec.json.Decoder[S] = msgspec.json.Decoder(kind)

    def encode_state(self, state: S) -> bytes:
        """Return the bytes of a state."""
        return self._encode(state)

    def decode_state(self, version: int, data: bytes) -> S:
        """Return the state in *data*.

        Raises:
            UnknownStateVersionError: It was written by another version.
            StateUnreadableError: It is no state.
        """
        if version != self.state_version:
            raise UnknownStateVersionError(
                f"a state of agent {self._agent} has version {version}, "
                f"this worker reads {self.state_version}"
            )
        try:
            return self._decode.decode(data)
        except msgspec.MsgspecError as error:
            raise StateUnreadableError(
                f"state of agent {self._agent}: {error}"
            ) from error
