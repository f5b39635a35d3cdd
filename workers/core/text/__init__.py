"""Measures of text: graphemes, columns on the screen, words; no language models."""

from workers.core.text.columns import columns
from workers.core.text.graphemes import graphemes
from workers.core.text.normal import nfc
from workers.core.text.words import words

__all__ = ["columns", "graphemes", "nfc", "words"]
