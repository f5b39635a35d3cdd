"""Recordings and provider messages to caption segments."""
