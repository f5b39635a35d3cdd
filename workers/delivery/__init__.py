"""Exactly-once turns on Faust; knows nothing of captions."""
