"""A transaction is asked to end once; where the answer is lost, its writer ends too.

aiokafka asks again on a new connection, by the same epoch. The first request may still
be on its way then. Should it come while the writer's next transaction is open, Kafka
ends that one: half of its outputs are committed, without their position (seen on Kafka
4.3.1 with a request that came 0.3 to 3 s late). Kafka's newer transaction protocol,
which aiokafka does not speak, raises the epoch with each transaction against just this.

So whoever has lost an answer never begins another transaction. The next owner's start
raises the epoch, after which a late request is refused; and its restore tells whether
the transaction was committed.
"""

import asyncio
from typing import ClassVar

from aiokafka.errors import KafkaError, NodeNotReadyError
from aiokafka.producer.sender import EndTxnHandler

from workers.delivery.exits import DeliveryError, Exit


class EndUnknownError(DeliveryError):
    """Kafka was asked to end a transaction, and its answer is lost."""

    exit: ClassVar[Exit] = Exit.KAFKA_GONE


def end_once() -> None:
    """Let no producer of this process ask twice by the same epoch."""
    EndTxnHandler.do = _ask


async def _ask(self: EndTxnHandler, node_id: int) -> bool:
    """Do as aiokafka's own method does, but for an answer that is lost."""
    try:
        response = await self._sender.client.send(
            node_id, self.create_request(), group=self.group
        )
    except NodeNotReadyError:  # then nothing was asked
        pause_s = self.handle_error()
    except KafkaError as error:
        raise EndUnknownError(f"ended or not, nobody knows: {error!r}") from error
    else:
        pause_s = self.handle_response(response)
    if pause_s is None:
        return True
    await asyncio.sleep(pause_s)
    return False
