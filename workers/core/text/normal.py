"""The one normal form of text: NFC."""

import unicodedata


def nfc(text: str) -> str:
    """Return *text* in Unicode Normalization Form C, itself where it is already."""
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return text
    return unicodedata.normalize("NFC", text)
