"""All corruptions, by the sentence that tells them."""

from tests.oracle.corruptions import outputs, states, transactions, witnesses
from tests.oracle.corruptions.changing import KNOWN

__all__ = ["KNOWN", "outputs", "states", "transactions", "witnesses"]
