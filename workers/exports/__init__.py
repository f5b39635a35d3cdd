"""Captions, cues and topics as files that other programs open."""
