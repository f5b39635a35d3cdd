"""A and B: values that are not JSON, or not an object, and strange numbers."""

from tests.poison.poison import ACCEPTED, Poison, Row, good, one, stream

_SHORT = b'{"stream_id":"poison-A9","text":"x","is_final":true}'


def _syntax() -> list[Poison]:
    def whole(name: str) -> bytes:
        return good(name)

    return [
        one("A1", "nothing at all", b"", "not_json"),
        one("A2", "null, which is a tombstone elsewhere", None, "null_value"),
        one("A3", "spaces", b"   ", "not_json"),
        one("A4", "null as JSON", b"null", "invalid"),
        one("A5", "true", b"true", "invalid"),
        one("A6", "a number", b"1", "invalid"),
        one("A7", "a string", b'"x"', "invalid"),
        one("A8", "a list", b"[]", "invalid"),
        Poison(
            "A9",
            "cut off behind each of its bytes",
            tuple(Row(b"poison-A9", _SHORT[:end]) for end in range(1, len(_SHORT))),
            "not_json",
        ),
        one("A10", "a comma too many", whole("A10")[:-1] + b",}", "not_json"),
        one("A11", "two documents", 2 * whole("A11"), "not_json"),
        one("A12", "junk behind it", whole("A12") + b"x", "not_json"),
        one("A13", "single quotes", whole("A13").replace(b'"', b"'"), "not_json"),
        one("A14", "a comment", whole("A14")[:-1] + b"/**/}", "not_json"),
        # RFC 8259 leaves open which value counts, so readers may differ.
        one("A15", "a key twice", whole("A15")[:-1] + b',"text":"Again."}', "invalid"),
        one(
            "A15b",
            "the stream twice, the last one another",
            whole("A15b")[:-1] + b',"stream_id":"other"}',
            "invalid",
        ),
        one(
            "A15c",
            "a key twice, once spelt otherwise",
            whole("A15c")[:-1] + rb',"te\u0078t":"Again."}',
            "invalid",
        ),
        one(
            "A15d",
            "a key twice in a field that nobody knows",
            whole("A15d")[:-1] + b',"more":[{"a":1,"a":2}]}',
            "invalid",
        ),
    ]


_LITERALS = [
    ("B1", "not a number", b"NaN", "not_json"),
    ("B2", "infinity", b"Infinity", "not_json"),
    ("B3", "infinity below", b"-Infinity", "not_json"),
    ("B4", "beyond a double", b"1e400", "invalid"),
    ("B5", "far beyond a double", b"1e999999999", "invalid"),
    ("B6", "nearer to 0 than a double can be", b"1e-400", ACCEPTED),
    ("B7", "minus 0", b"-0", ACCEPTED),
    ("B11", "below 64 bits", b"-9223372036854775809", "invalid"),
    ("B14", "a 0 before it", b"01", "not_json"),
    ("B15", "hexadecimal", b"0x10", "not_json"),
]
_COUNTS = [
    ("B8", "2^53 + 1, where doubles round", b"9007199254740993"),
    ("B9", "2^63", b"9223372036854775808"),
    ("B10", "2^64", b"18446744073709551616"),
    ("B12", "4,300 digits", b"1" * 4300),
    ("B13", "5,000 digits", b"1" * 5000),
]


def _numbers() -> list[Poison]:
    entries = []
    for name, what, literal, becomes in _LITERALS:
        value = good(name).replace(b"1.0", literal)
        entries.append(one(name, f"{what}, as a time", value, becomes))
    for name, what, literal in _COUNTS:
        value = good(name)[:-1] + b',"sequence":%b}' % literal
        entries.append(one(name, f"{what}, as a count", value, "invalid"))
    key = stream("B16").encode()
    entries.append(
        Poison(
            "B16",
            "any of them in a field nobody knows: passed over, if it is JSON",
            tuple(
                Row(key, good("B16")[:-1] + b',"other":%b}' % literal)
                for literal in (b"1e400", b"-0", b"18446744073709551616", b"1" * 5000)
            ),
            ACCEPTED,
        )
    )
    return entries


SYNTAX = _syntax() + _numbers()
