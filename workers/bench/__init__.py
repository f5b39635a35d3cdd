"""Benchmarks: commands, not tests; what the README says was measured by them."""
