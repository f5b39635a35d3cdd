"""A conversation of each provider, through the adapter and the whole worker."""

import json

import msgspec
import pysubs2
import pytest
from typer.testing import CliRunner

import workers.__main__  # noqa: F401  # brings the commands
from tests.adapters.provider_fixtures import NAMES, PATHS, adapted, messages, said
from workers.adapters.providers.registry import PROVIDERS
from workers.adapters.recording import RecordingError, open_recording
from workers.agents.offline import process
from workers.app import merge_rules, topic_rules
from workers.cli.main import app
from workers.settings import Settings

MERGE, TOPICS = merge_rules(Settings()), topic_rules(Settings())
TYPICAL_BYTES = 4 * 1024


def final_words(outputs):
    """Return the words of the captions that stand, in the order of speech."""
    standing = {}
    for _, output in outputs:
        value = json.loads(output.value)
        if value["type"] == "CaptionFinal" or value.get("final"):
            standing[value["caption_id"]] = value
        elif value["type"] == "CaptionWithdrawn":
            del standing[value["caption_id"]]
    captions = sorted(standing.values(), key=lambda one: one["start_s"])
    return [word for one in captions for word in one["text"].split()]


@pytest.mark.parametrize("name", NAMES)
def test_the_final_captions_hold_each_word_that_was_said_once_and_in_order(name):
    recording = open_recording(PATHS[name], provider=name)
    outputs = process(
        ((round(one.at_s * 1000), one.segment) for one in recording.segments),
        MERGE,
        TOPICS,
    )
    assert final_words(outputs) == said(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_stranger_sees_subtitles_and_events_of_it_by_one_command(name):
    shown = {}
    for form in ("events", "srt", "vtt"):
        done = CliRunner().invoke(
            app,
            [
                *("process", str(PATHS[name]), "--provider", name),
                *("--to", form, "--profile", "bbc"),
            ],
        )
        assert done.exit_code == 0, done.output
        shown[form] = done.stdout
    for form in ("srt", "vtt"):
        opened = pysubs2.SSAFile.from_string(shown[form], format_=form)
        words = [word for event in opened for word in event.plaintext.split()]
        assert words == said(name)
    events = [json.loads(line) for line in shown["events"].splitlines()]
    assert {"CaptionFinal", "Cue", "StreamEnded"} <= {one["type"] for one in events}
    assert {one["stream_id"] for one in events} == {PATHS[name].stem}


@pytest.mark.parametrize("name", NAMES)
def test_segments_name_their_provider_and_stream_and_declare_its_semantics(name):
    segments = adapted(name, messages(name))
    assert {one.provider for one in segments} == {name}
    assert {one.stream_id for one in segments} == {"call-1"}
    spoken = {one.mode for one in segments if one.text}
    # What is only sent once is put together first: a stretch anew each time.
    grows = PROVIDERS[name].semantics == "append" or name == "whisperlivekit"
    assert spoken == {"replace" if grows else PROVIDERS[name].semantics}


@pytest.mark.parametrize("name", NAMES)
def test_a_conversation_has_guesses_finals_and_two_sessions_or_its_end(name):
    segments = adapted(name, messages(name))
    assert any(one.is_final and one.text for one in segments)
    assert any(not one.is_final for one in segments)
    sessions = {one.epoch for one in segments}
    # One call, one meeting, or no way to tell: no second session in these.
    alone = {"aws-call-analytics", "lca", "skynet", "vexa"}
    assert sessions == ({0} if name in alone else {0, 1})


@pytest.mark.parametrize("name", NAMES)
def test_a_memory_written_and_read_between_messages_changes_nothing(name):
    provider = PROVIDERS[name]
    memory, segments = None, []
    for message in messages(name):
        memory, now = provider.adapt(memory, message, "call-1")
        segments += now
        written = msgspec.json.encode(memory)
        assert len(written) <= TYPICAL_BYTES
        memory = msgspec.json.decode(written, type=provider.memory)
    assert segments == adapted(name, messages(name))


@pytest.mark.parametrize("name", NAMES)
def test_words_are_as_many_as_the_text_has_and_have_times_in_order(name):
    for segment in adapted(name, messages(name)):
        if segment.words is not None:
            assert [word.text for word in segment.words] == segment.text.split()
            starts = [word.start_s for word in segment.words]
            assert starts == sorted(starts)


def test_lines_with_their_moment_go_when_they_were_received(tmp_path):
    lines = [
        json.dumps({"received_at": 1_795_514_400 + 2 * n, "message": json.loads(one)})
        for n, one in enumerate(messages("deepgram"))
    ]
    path = tmp_path / "call.jsonl"
    path.write_text("\n".join(lines))
    moments = [one.at_s for one in open_recording(path, provider="deepgram").segments]
    first, second = moments[:2]
    assert first == pytest.approx(0.8)  # its speech had just ended
    assert second - first == 2


def test_a_message_may_stand_in_the_log_as_a_text(tmp_path):
    path = tmp_path / "call.jsonl"
    for name in ("speechmatics", "whisper-streaming"):
        lines = [
            json.dumps({"received_at": 1_795_514_400, "message": one.decode()})
            for one in messages(name)
        ]
        path.write_text("\n".join(lines))
        found = open_recording(path, provider=name, stream_id="call-1")
        *spoken, _ = (one.segment for one in found.segments)
        assert spoken == adapted(name, messages(name))


def test_a_field_of_the_providers_own_called_message_is_not_taken_for_a_log():
    segments = open_recording(PATHS["speechmatics"], provider="speechmatics").segments
    assert any("library" in one.segment.text for one in segments)


def test_without_moments_a_message_goes_when_its_speech_ended_over_sessions_too():
    found = open_recording(PATHS["deepgram"], provider="deepgram").segments
    assert found[0].at_s == 0.8
    assert [one.at_s for one in found][-2:] == pytest.approx([11.6 + 2.0] * 2)


@pytest.mark.parametrize(
    ("provider", "line", "why"),
    [
        ("deepgram", b"hello", "format is not known"),
        ("deepgram", b'{"type": "Results"}', "line 1: not a message of Deepgram v1"),
        ("azure", b'{"Text": 1}', r"line 1: not a message of Azure .* `\$.Text`"),
        ("google", b"{nonsense}", "line 1.* not JSON"),
        ("whisper-streaming", b"hello", "line 1: not a line of whisper-streaming"),
        ("lca", b"[1]", "format is not known"),
        ("gladia", b'{"received_at": 1e14, "message": {}}', "not in seconds"),
        ("gladia", b'{"type": "transcript", "data": 3}', "line 1: `data.*no object"),
    ],
)
def test_a_line_that_is_not_of_the_provider_is_named_in_one_line(
    provider, line, why, tmp_path
):
    path = tmp_path / "log.txt"
    path.write_bytes(line)
    with pytest.raises(RecordingError, match=why) as caught:
        open_recording(path, provider=provider)
    assert len(str(caught.value).splitlines()) == 1


def test_a_file_of_another_kind_is_no_log_of_a_provider():
    film = PATHS["lca"].parents[1] / "film.srt"
    with pytest.raises(RecordingError, match=r"this is srt, .* leave out the provider"):
        open_recording(film, provider="deepgram")
    with pytest.raises(RecordingError, match="known: canonical, assemblyai, aws-call"):
        open_recording(film, provider="acme")
