"""Says when Kafka accepts requests, by making one."""

import asyncio
import contextlib
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from workers.broker.ports import LOOPBACK

PAUSE_SECONDS = 0.02


def wait_until_ready(
    port: int, cluster_id: str, *, alive: Callable[[], bool], limit_seconds: float
) -> bool:
    """Wait until the broker of *cluster_id* answers on *port* and counts itself in.

    Returns:
        False if *alive* said no or the limit passed; blocks at most a few seconds
        longer than the limit.
    """
    deadline = time.monotonic() + limit_seconds
    # A thread, since the caller may have an event loop of its own.
    with ThreadPoolExecutor(1) as thread:
        while alive() and time.monotonic() < deadline:
            if _listens(port):
                answer = thread.submit(asyncio.run, _cluster_of(port))
                if answer.result() == cluster_id:
                    return True
            time.sleep(PAUSE_SECONDS)
    return False


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), 1):
        return True
    return False


async def _cluster_of(port: int) -> str | None:
    """Return the id of the cluster on *port*, None while it has no broker."""
    from aiokafka.admin import (  # noqa: PLC0415  # slow to import
        AIOKafkaAdminClient,
    )
    from aiokafka.errors import KafkaError  # noqa: PLC0415  # slow to import

    admin = AIOKafkaAdminClient(
        bootstrap_servers=f"{LOOPBACK}:{port}", request_timeout_ms=5_000
    )
    try:
        await admin.start()
        cluster = await admin.describe_cluster()
    except (KafkaError, OSError):
        return None
    finally:
        await admin.close()
    return cluster["cluster_id"] if cluster["brokers"] else None
