"""What a command keeps to itself: the talk of libraries about Kafka."""

import logging


def quiet_clients() -> None:
    """Keep aiokafka off the terminal; what it raises, we say in a line of our own."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL + 1)
