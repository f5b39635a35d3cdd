"""A key that is there twice: found wherever it is, and never found where it is not."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codec import SEGMENT, BadMessageError, encode
from schemas.segment import CaptionSegment, Word

KEYS = st.sampled_from(["text", "confidence", "words", "x", 'a":b', "\u00e9"])
TEXTS = st.sampled_from(["so", '":', '"a" :', 'he said: "yes": no', '\\":'])
SPACES = st.sampled_from(["", " ", "\n\t", "  "])
ESCAPED = st.booleans()


@st.composite
def objects(draw, inner=True):
    """An object as text."""
    keys = draw(st.lists(KEYS, max_size=4))
    members = []
    for key in keys:
        value = json.dumps(draw(TEXTS))
        if inner and draw(st.booleans()):
            value = draw(objects(inner=False))
        spelt = json.dumps(key)
        if draw(ESCAPED):
            spelt = '"' + "".join(f"\\u{ord(letter):04x}" for letter in key) + '"'
        members.append(f"{spelt}{draw(SPACES)}:{draw(SPACES)}{value}")
    return "{" + ",".join(members) + "}"


def has_twice(value):
    """Tell it of JSON read as lists of pairs."""
    if isinstance(value, Pairs):
        keys = [key for key, _ in value]
        return len(set(keys)) < len(keys) or any(has_twice(one) for _, one in value)
    return isinstance(value, list) and any(map(has_twice, value))


class Pairs(list):
    """An object, as its members in order."""


@given(st.lists(objects(), max_size=3), objects(), TEXTS, SPACES)
def test_a_key_twice_is_refused_and_nothing_else_is(words, unknown, text, space):
    said = [f'{{"text":"so"{f",{word[1:-1]}" * (word != "{}")}}}' for word in words]
    value = (
        f'{{"type"{space}:"CaptionSegment","stream_id":"s",{space}"is_final":true,'
        f'"text":{json.dumps(text)},"unknown":{unknown},"more":[{",".join(said)}]}}'
    ).encode()
    if has_twice(json.loads(value, object_pairs_hook=Pairs)):
        with pytest.raises(BadMessageError, match="there twice"):
            SEGMENT.decode(b"s", value)
    else:
        assert SEGMENT.decode(b"s", value).text == text


@given(st.integers(0, 3), st.sampled_from(["text", "start_s"]), SPACES)
def test_a_words_key_twice_is_refused(place, key, space):
    words = ['{"text":"so","start_s":1.0,"end_s":2.0}'] * 4
    again = '"so"' if key == "text" else "1.0"
    words[place] = words[place][:-1] + f',"{key}"{space}:{again}}}'
    value = (
        '{"type":"CaptionSegment","stream_id":"s","is_final":true,"text":"so so so so",'
        f'"words":[{",".join(words)}]}}'
    )
    with pytest.raises(BadMessageError, match="there twice"):
        SEGMENT.decode(b"s", value.encode())


@st.composite
def spelt(draw, value):
    """Write JSON, objects as lists of pairs, in one of the ways that there are."""
    space = draw(SPACES)
    match value:
        case Pairs():
            inner = ",".join(
                f"{space}{draw(spelt(key))}{draw(SPACES)}:{space}{draw(spelt(one))}"
                for key, one in value
            )
            return "{" + inner + space + "}"
        case list():
            return "[" + ",".join([draw(spelt(one)) for one in value]) + space + "]"
        case str():
            written = json.dumps(value, ensure_ascii=draw(ESCAPED))
            if "\\" in written or draw(ESCAPED):
                return written
            return written.replace("a", "\\u0061")
    return json.dumps(value)


ANY_TEXT = TEXTS | st.text(max_size=8)
ANY_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(-9, 9) | ANY_TEXT,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(st.tuples(KEYS | ANY_TEXT, inner), max_size=3).map(Pairs)
    ),
    max_leaves=6,
)
ASKED_FOR = [
    ("type", "CaptionSegment"),
    ("stream_id", "s"),
    ("is_final", True),
    ("text", "so"),
]
FIELDS = CaptionSegment.__struct_fields__
KNOWN = [
    ("text", "so: it is"),
    ("emitted_at", "2026-01-15T10:00:01.5+02:00"),
    ("stream_started_at", None),
    ("start_s", 1.5),
    ("segment_id", "call:7"),
    ("words", [Pairs([("text", "10:30"), ("start_s", 1), ("x", ":")])]),
    ("words", [Pairs([("text", "so"), ("text", "so")])]),
    ("words", []),
]


@given(
    st.lists(
        st.sampled_from(KNOWN)
        | st.tuples(KEYS | ANY_TEXT, ANY_VALUE).filter(
            lambda one: one[0] not in FIELDS
        ),
        max_size=6,
    ),
    st.randoms(),
    st.data(),
)
@settings(max_examples=300)
def test_what_is_refused_is_what_pythons_own_reader_sees_twice(more, random, data):
    members = [*ASKED_FOR, *more]
    random.shuffle(members)
    value = data.draw(spelt(Pairs(members))).encode(errors="replace")
    if has_twice(json.loads(value, object_pairs_hook=Pairs)):
        with pytest.raises(BadMessageError, match="there twice"):
            SEGMENT.decode(b"s", value)
    else:
        assert SEGMENT.decode(b"s", value).is_final


@st.composite
def our_own(draw):
    """A segment as we write it ourselves."""
    words = st.builds(Word, text=ANY_TEXT, start_s=st.none() | st.just(1.5))
    return encode(
        CaptionSegment(
            stream_id="s",
            text=draw(ANY_TEXT),
            is_final=draw(st.booleans()),
            segment_id=draw(st.none() | st.just('":')),
            words=draw(st.none() | st.lists(words, max_size=3).map(tuple)),
            confidence=draw(st.none() | st.floats(0, 1)),
        )
    )


@given(our_own(), st.data())
def test_what_we_write_ourselves_is_read_and_refused_with_a_key_more(value, data):
    assert encode(SEGMENT.decode(b"s", value)) == value
    members = [(key, one) for key, one in json.loads(value, object_pairs_hook=Pairs)]
    again = data.draw(st.sampled_from(members))
    at = data.draw(st.integers(0, len(members)))
    twice = Pairs([*members[:at], again, *members[at:]])
    compact = _written(twice).encode()
    assert compact.count(b",") > value.count(b",")
    with pytest.raises(BadMessageError, match="there twice"):
        SEGMENT.decode(b"s", compact)


def test_a_key_twice_in_the_place_of_another_of_its_length_is_refused():
    value = encode(CaptionSegment(stream_id="s", text="so", is_final=True))
    assert SEGMENT.decode(b"s", value).is_final
    twice = value.replace(b'"channel":null', b'"speaker":null')
    with pytest.raises(BadMessageError, match="there twice"):
        SEGMENT.decode(b"s", twice)


def _written(value):
    """Write JSON without space, as we do, objects as lists of pairs."""
    if isinstance(value, Pairs):
        inner = [f"{json.dumps(key)}:{_written(one)}" for key, one in value]
        return "{" + ",".join(inner) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
