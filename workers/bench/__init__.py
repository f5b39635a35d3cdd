"""Benchmarks: commands, not tests; what docs/NUMBERS.md says was measured by them."""
