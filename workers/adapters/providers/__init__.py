"""What recognisers send, as caption segments: one module a provider.

To add one: a module with a ``PROVIDER`` (by a row of `table`, where its messages are
flat), its line in `registry`, and a fixture in ``tests/adapters/data/providers``.
"""
