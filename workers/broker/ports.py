"""Free ports on the loopback interface."""

import random
import socket
from collections.abc import Iterator

from workers.broker.errors import BrokerError

LOOPBACK = "127.0.0.1"

# Below the range systems take outgoing ports from: a client that keeps trying a
# closed port in that range may connect to itself and hold the port for good.
LOWEST, HIGHEST = 20_000, 32_000


def is_free(port: int) -> bool:
    """Say whether a server could listen on *port* of the loopback interface."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as Java does
        try:
            probe.bind((LOOPBACK, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def check(port: int) -> None:
    """Raise BrokerError unless *port* can be listened on."""
    if not is_free(port):
        raise BrokerError(
            f"port {port} on {LOOPBACK} is in use: "
            "stop what listens there, or choose another port"
        )


def free_ports() -> Iterator[int]:
    """Yield free ports, each another one."""
    for port in random.sample(range(LOWEST, HIGHEST), HIGHEST - LOWEST):
        if is_free(port):
            yield port
