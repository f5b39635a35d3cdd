"""Spans (OpenTelemetry) of what was decided, told after the commit; an option."""
