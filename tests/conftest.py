"""What all tests share: one real Kafka a process, and Hypothesis' profile."""

import os

import pytest
from hypothesis import HealthCheck, settings

from workers.broker import EmbeddedKafka

# The machine may be shared and slow; a deadline would only tell of that.
settings.register_profile(
    "steady", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.fixture(scope="session")
def kafka():
    """A real Kafka, started once a process; tests keep apart by their prefix."""
    with EmbeddedKafka() as embedded:
        yield embedded
