import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.codec import BadMessageError, MessageDecoder, encode
from schemas.events import CE_TYPES, headers, rfc3339
from schemas.json_schema import json_schema, messages, written

SCHEMAS = Path(__file__).parents[2] / "schemas"
EXAMPLES = sorted((SCHEMAS / "examples").glob("*.json"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_read_and_written_again_as_it_was(example):
    value = example.read_bytes()
    kind = messages()[example.stem]
    message = MessageDecoder(kind).decode(
        json.loads(value)["stream_id"].encode(), value
    )
    again = json.loads(encode(message))
    assert {name: again[name] for name in json.loads(value)} == json.loads(value)
    assert all(
        again[name] in (None, False, [], 0, "replace")
        for name in again.keys() - json.loads(value).keys()
    )


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_keeps_the_published_schema(example):
    schema = json.loads((SCHEMAS / "json" / example.name).read_bytes())
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    validator.validate(json.loads(example.read_bytes()))


def test_every_message_has_an_example_and_a_cloud_events_type():
    names = set(messages())
    assert {path.stem for path in EXAMPLES} == names
    assert {kind.__name__ for kind in CE_TYPES} == names
    assert len(set(CE_TYPES.values())) == len(names)


@pytest.mark.parametrize("name", messages())
def test_the_schema_files_are_what_the_code_says(name):
    path = SCHEMAS / "json" / f"{name}.json"
    assert path.read_bytes() == written(messages()[name]), "run `make schemas`"


@pytest.mark.parametrize("name", messages())
def test_unknown_fields_are_allowed_by_schema_and_decoder_alike(name):
    example = json.loads((SCHEMAS / "examples" / f"{name}.json").read_bytes())
    example["added_later"] = {"any": ["thing"]}
    jsonschema.validate(example, json_schema(messages()[name]))
    decoder = MessageDecoder(messages()[name])
    decoder.decode(example["stream_id"].encode(), msgspec.json.encode(example))


GOOD = {"stream_id": "s", "text": "hello", "is_final": True}

BAD = {
    "not JSON": (b"s", b"{", "not_json"),
    "not UTF-8": (b"s", b'{"stream_id":"s","text":"\xff","is_final":true}', "not_json"),
    "a lone surrogate": (
        b"s",
        b'{"stream_id":"s","text":"\\ud800","is_final":true}',
        "not_json",
    ),
    "too deep": (b"s", b'{"a":' * 100_000, "not_json"),
    "no number": (b"s", b'{"stream_id":"s","text":"","is_final":NaN}', "not_json"),
    "no value": (b"s", None, "null_value"),
    "no key": (None, b"{}", "null_key"),
    "another key": (b"t", json.dumps(GOOD).encode(), "key_mismatch"),
    "a list": (b"s", b"[]", "invalid"),
}

WRONG = {
    "no text": {"text": None},
    "text is a number": {"text": 1},
    "final is a number": {"is_final": 1},
    "a text over 16 KiB": {"text": "x" * 16_385},
    "a text over 16 KiB in bytes": {"text": "é" * 8_193},
    "a negative time": {"start_s": -1},
    "a time over ten million": {"end_s": 1e7 + 1},
    "an end before its start": {"start_s": 2, "end_s": 1},
    "a long id": {"segment_id": "x" * 257},
    "a long id in bytes": {"speaker": "é" * 129},
    "an empty id": {"channel": ""},
    "an unknown mode": {"mode": "add"},
    "too many words": {"words": [{"text": "a"}] * 2001},
    "a word that ends first": {"words": [{"text": "a", "start_s": 2, "end_s": 1}]},
    "a stability over 1": {"stability": 1.5},
    "a time without an offset": {"emitted_at": "2026-01-01T00:00:00"},
    "another type": {"type": "CaptionFinal"},
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_message_is_refused_with_its_reason(case):
    key, value, reason = BAD[case]
    with pytest.raises(BadMessageError) as refused:
        MessageDecoder(messages()["CaptionSegment"]).decode(key, value)
    assert refused.value.reason == reason


@pytest.mark.parametrize("case", WRONG)
def test_a_value_out_of_bounds_is_refused_as_invalid(case):
    value = msgspec.json.encode(GOOD | WRONG[case])
    with pytest.raises(BadMessageError) as refused:
        MessageDecoder(messages()["CaptionSegment"]).decode(b"s", value)
    assert refused.value.reason == "invalid"


def test_headers_name_an_event_the_same_way_each_time():
    path = SCHEMAS / "examples" / "CaptionFinal.json"
    message = msgspec.json.decode(path.read_bytes(), type=messages()["CaptionFinal"])
    made = dict(headers(message, source="caption-worker/merge", time_ms=1_500))
    assert made == {
        "ce_specversion": b"1.0",
        "ce_type": b"captions.caption.final.v1",
        "ce_id": f"{message.caption_id}.r{message.revision}".encode(),
        "ce_time": b"1970-01-01T00:00:01.500Z",
        "ce_source": b"caption-worker/merge",
        "content-type": b"application/json",
    }


@given(st.integers(0, 4_000_000_000_000))
def test_a_moment_is_written_to_the_millisecond(moment_ms):
    written_as = rfc3339(moment_ms)
    assert len(written_as) == len("2026-11-24T10:00:00.000Z")
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    assert datetime.fromisoformat(written_as) == epoch + timedelta(
        milliseconds=moment_ms
    )
