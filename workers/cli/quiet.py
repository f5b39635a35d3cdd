"""What a command keeps to itself: the talk of libraries about Kafka.

Only there do they say why a Kafka that is there would not have us: what they raise is
the same as if nobody answered. So the last such reason is kept for our own line.
"""

import logging
import ssl
from collections.abc import Callable

from aiokafka.errors import (
    KafkaConnectionError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)


class _LastRefusal(logging.Handler):
    """Keeps the error of the last connection that did not come about."""

    error: BaseException | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Look for the error among what was to be written."""
        for part in record.args if isinstance(record.args, tuple) else ():
            if isinstance(part, BaseException):
                self.error = part


_last = _LastRefusal()


def quiet_clients() -> None:
    """Keep aiokafka off the terminal; what it raises, we say in a line of our own."""
    logger = logging.getLogger("aiokafka")
    logger.setLevel(logging.ERROR)
    logger.handlers = [_last]
    _last.error = None
    logger.propagate = False


def refusal() -> str | None:
    """Say why the last Kafka would not have us; None if it did not say, or was away."""
    for kind, told in _REASONS:
        if isinstance(_last.error, kind):
            return told(_last.error)
    return None


def _untrusted(error: BaseException) -> str:
    why = getattr(error, "verify_message", "") or str(error)
    return (
        f"its certificate is not trusted ({why.rstrip('.')}): set CAPTION_TLS_CA_FILE "
        "to who signed it, and CAPTION_BROKER to a name that is in it"
    )


_Kinds = type[BaseException] | tuple[type[BaseException], ...]
_REASONS: tuple[tuple[_Kinds, Callable[[BaseException], str]], ...] = (
    (ssl.SSLCertVerificationError, _untrusted),
    (
        SaslAuthenticationFailed,
        lambda _: (
            "it knows no such user, or another password: set CAPTION_SASL_USERNAME, "
            "CAPTION_SASL_PASSWORD and CAPTION_SASL_MECHANISM"
        ),
    ),
    (
        UnsupportedSaslMechanismError,
        lambda _: "it does not take this CAPTION_SASL_MECHANISM",
    ),
    (
        (ssl.SSLError, ConnectionResetError, KafkaConnectionError),
        lambda _: (
            "it hung up: CAPTION_SECURITY_PROTOCOL may be another, or it asks for a "
            "certificate (CAPTION_TLS_CERT_FILE)"
        ),
    ),
)
