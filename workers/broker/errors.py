"""The one exception that leaves the embedded broker."""


class BrokerError(Exception):
    """One line: what is wrong, and what to do about it."""
