"""What holds of every adapter, whatever is sent to it."""

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codec import SEGMENT, encode
from tests.adapters.provider_fixtures import NAMES, adapted, messages, values
from workers.adapters.providers.provider import AdapterError
from workers.adapters.providers.registry import PROVIDERS

MOST_BYTES = 64 * 1024
EXAMPLES = 40
"""Of each provider."""
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from(
        ["", "a b.", "1.5", "3.5s", "0:01:02", "x" * 400, "\ud800", -1, 1e8]
    ),
)
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


def tried(name, memory, message):
    """Adapt one message, or none of it; only an AdapterError may tell why."""
    try:
        memory, segments = PROVIDERS[name].adapt(memory, message, "call-1")
    except AdapterError as error:
        assert len(str(error).splitlines()) == 1  # noqa: PT017  # both ways are right
        assert error.reason in ("invalid", "not_json")  # noqa: PT017  # the same
        return memory, ()
    for segment in segments:
        SEGMENT.decode(b"call-1", encode(segment))
    assert len(msgspec.json.encode(memory)) <= MOST_BYTES
    return memory, segments


def places(value, path=()):
    """Yield the place of each value inside of one."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value)
    if isinstance(value, dict | list):
        for key, inner in items:
            yield from (
                places(inner, (*path, key))
                if isinstance(inner, dict | list)
                else [(*path, key)]
            )


def changed(value, path, other):
    """Return a value with *other* at a place inside of it."""
    if not path:
        return other
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(value[path[0]], path[1:], other)
    return copy


def muted(value):
    """Take all that is said out of a message."""
    if isinstance(value, dict):
        own = {key: muted(inner) for key, inner in value.items()}
        texts = ("text", "transcript", "Transcript", "Text", "DisplayText", "content")
        return own | {key: "" for key in texts if isinstance(own.get(key), str)}
    return [muted(one) for one in value] if isinstance(value, list) else value


def extended(value):
    """Add a field that nobody documents to each object."""
    if isinstance(value, dict):
        own = {key: extended(inner) for key, inner in value.items()}
        return own | {"added_later": {"any": [1, None]}}
    return [extended(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", NAMES)
@given(sent=st.lists(JSON, max_size=5))
@settings(max_examples=EXAMPLES)
def test_arbitrary_json_raises_nothing_but_an_adapter_error(name, sent):
    memory = None
    for value in sent:
        memory, _ = tried(name, memory, json.dumps(value).encode())


@pytest.mark.parametrize("name", NAMES)
@given(sent=st.lists(st.binary(max_size=60), max_size=5))
@settings(max_examples=EXAMPLES)
def test_arbitrary_bytes_raise_nothing_but_an_adapter_error(name, sent):
    memory = None
    for message in sent:
        memory, _ = tried(name, memory, message)


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(max_examples=EXAMPLES)
def test_a_conversation_with_strange_values_in_it_raises_nothing_else(name, data):
    memory = None
    sent = values(name)
    strange = data.draw(st.integers(0, len(sent) - 1))
    for number, value in enumerate(sent):
        if number == strange:
            place = data.draw(st.sampled_from(list(places(value))))
            value = changed(value, place, data.draw(JSON))  # noqa: PLW2901  # that one
        memory, _ = tried(name, memory, json.dumps(value).encode())


@pytest.mark.parametrize("name", NAMES)
@given(order=st.data())
@settings(max_examples=EXAMPLES)
def test_messages_in_any_order_and_again_leave_a_small_memory(name, order):
    sent = messages(name)
    memory = None
    for message in order.draw(st.lists(st.sampled_from(sent), max_size=60)):
        memory, _ = tried(name, memory, message)


@pytest.mark.parametrize("name", NAMES)
def test_no_value_however_long_or_large_makes_a_memory_large(name):
    memory = None
    seen = set()
    for value in values(name):
        for place in places(value):
            field = tuple(key for key in place if isinstance(key, str))
            if (memory is None, field) in seen:
                continue
            seen.add((memory is None, field))
            for monster in ("é " * 40_000, 10**300, 2**63):
                wrong = changed(value, place, monster)
                tried(name, memory, json.dumps(wrong).encode())
                # Where nothing is said, no segment checks what is remembered.
                tried(name, memory, json.dumps(muted(wrong)).encode())
        memory, _ = tried(name, memory, json.dumps(value).encode())


@pytest.mark.parametrize("name", NAMES)
def test_fields_that_nobody_documents_change_nothing(name):
    sent = values(name)
    assert adapted(name, map(extended, sent)) == adapted(name, sent)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("field", ["type", "message", "EventType", "event", "status"])
def test_a_kind_of_message_that_is_not_known_says_nothing(name, field):
    assert adapted(name, [{field: "SomethingNew", "payload": {"a": [1]}}]) == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("message", [b"[]", b"3", b'"text"', b"null", b"{", b"\xff"])
def test_what_is_no_object_is_refused(name, message):
    with pytest.raises(AdapterError):
        PROVIDERS[name].adapt(None, message, "call-1")


@pytest.mark.parametrize("name", NAMES)
def test_json_that_is_too_deep_is_refused(name):
    with pytest.raises(AdapterError):
        PROVIDERS[name].adapt(None, b'{"type":' + b"[" * 100_000, "call-1")
