"""What a command made on somebody's Kafka, taken away again."""

import asyncio
import time
from typing import Any

from aiokafka.errors import (
    GroupIdNotFound,
    KafkaError,
    NonEmptyGroup,
    for_code,
)
from aiokafka.protocol.admin import DeleteGroupsRequest

from schemas.kafka_topics import AGENTS, ALL, full_name
from workers.cli.demo.steps import step
from workers.cli.output import notes
from workers.settings import Settings

MEMBERS_S = 15.0
"""An agent that was killed is a member until its session is over: 6 s, as we start it
here."""
LOOK_EVERY_S = 0.5


def remove(settings: Settings) -> None:
    """Remove a command's own Kafka topics and groups, or say what stays.

    Args:
        settings: With a prefix that nobody else has; its agents have ended.
    """
    with step("removing our Kafka topics", "our Kafka topics removed"):
        try:
            asyncio.run(_remove(settings))
        except KafkaError as error:
            notes.print(
                f"Kafka topics or groups {settings.prefix}* are left: {error!r}",
                soft_wrap=True,
            )


async def _remove(settings: Settings) -> None:
    from workers.app import connection  # noqa: PLC0415  # slow to import

    admin = connection(settings).admin()
    await admin.start()
    try:
        await admin.delete_topics([full_name(settings.prefix, topic) for topic in ALL])
        for agent in AGENTS:
            await _remove_group(admin, f"{settings.prefix}-{agent}")
    finally:
        await admin.close()


async def _remove_group(admin: Any, group: str) -> None:
    until_s = time.monotonic() + MEMBERS_S
    while True:
        broker = await admin.find_coordinator(group)
        # aiokafka knows the request, but has no method for it.
        answer = await admin._send_request(DeleteGroupsRequest([group]), broker)  # noqa: SLF001
        [(_, code)] = answer.results
        if code in {0, GroupIdNotFound.errno}:
            return
        if code != NonEmptyGroup.errno or time.monotonic() > until_s:
            raise for_code(code)(group)
        await asyncio.sleep(LOOK_EVERY_S)
