"""C: bytes that are not UTF-8, and characters that do more than look like one."""

from tests.poison.poison import ACCEPTED, Poison, good, of_texts, one

_SAID = b"The spoken canary sings."


def _said(name: str, raw: bytes) -> bytes:
    return good(name).replace(_SAID, raw)


def _as_utf16(name: str, encoding: str) -> bytes:
    return good(name).decode().encode(encoding)


TEXTS: list[Poison] = [
    one("C1", "a byte that is nowhere in UTF-8", _said("C1", b"\xff"), "not_json"),
    one("C2", "a slash, two bytes long", _said("C2", b"\xc0\xaf"), "not_json"),
    one("C3", "a surrogate as bytes", _said("C3", b"\xed\xa0\x80"), "not_json"),
    one("C4", "half a pair, escaped", _said("C4", rb"\ud800"), "not_json"),
    one("C5", "a pair the wrong way round", _said("C5", rb"\ude00\ud83d"), "not_json"),
    one("C6", "beyond U+10FFFF", _said("C6", b"\xf4\x90\x80\x80"), "not_json"),
    one("C7", "a byte order mark before it", b"\xef\xbb\xbf" + good("C7"), "not_json"),
    one("C8", "UTF-16 with its mark", _as_utf16("C8", "utf-16"), "not_json"),
    one("C9", "UTF-16 without", _as_utf16("C9", "utf-16-le"), "not_json"),
    of_texts("C10", "NUL in the text: a space", ["a\0b."]),
    one("C11", "NUL as a byte", _said("C11", b"a\0b"), "not_json"),
    one("C12", "a line end as a byte", _said("C12", b"a\nb"), "not_json"),
    of_texts("C13", "terminal codes: spaces", ["a\x1b[2Jb\x9b31mc\x07.", "\x85d."]),
    of_texts("C14", "text turned round", ["a\u202eb\u202d.", "\u2066c."]),
    of_texts("C15", "characters nobody sees", ["a\u200bb\u2060.", "c\U000e0041."]),
    of_texts("C16", "line ends of Unicode: spaces", ["a\u2028b\u2029c."]),
    of_texts("C17", "characters that are none", ["a\ufffe.", "b\uffff."]),
    of_texts("C18", "7,000 marks on one letter", ["e" + 7000 * "\u0301"]),
    of_texts("C19", "one word in two forms", ["Caf\u00e9 cafe\u0301."]),
    of_texts("C20", "an emoji cut in two", ["\U0001f468\u200d", "\U0001f469."]),
    one("C21", "latin-1", _said("C21", b"caf\xe9"), "not_json"),
    one("C22", "nothing said", good("C22", text=""), ACCEPTED),
]
