"""A real Kafka on this machine: fetched once, started and ended with our process."""

from workers.broker.errors import BrokerError
from workers.broker.kafka import EmbeddedKafka

__all__ = ["BrokerError", "EmbeddedKafka"]
