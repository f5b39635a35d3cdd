"""A key that is there twice: found wherever it is, and never found where it is not."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.codec import SEGMENT, BadMessageError

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


def has_twice(pairs):
    """Tell it of JSON read as lists of pairs."""
    keys = [key for key, _ in pairs]
    values = [value for _, value in pairs]
    values += [one for value in values if isinstance(value, list) for one in value]
    return len(set(keys)) < len(keys) or any(
        has_twice(value) for value in values if isinstance(value, Pairs)
    )


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
