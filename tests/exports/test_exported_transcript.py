import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.captions import (
    CaptionFinal,
    CaptionRevised,
    CaptionUpdated,
    CaptionWithdrawn,
    Latency,
)
from schemas.topics import EnrichedCaption, TopicLabelled, TopicStarted, TopicWithdrawn
from workers.exports.latest import ExportError
from workers.exports.transcript import transcript


def final(n, text, start_s=None, kind=CaptionFinal, **more):
    fields = {"stream_id": "s", "caption_id": f"k{n}", "revision": 1, "stable": 0}
    end_s = None if start_s is None else start_s + 1
    return kind(**fields | {"text": text, "start_s": start_s, "end_s": end_s} | more)


def enriched(n, text, start_s=None, **more):
    fields = {"topic_id": None, "topic_label": None, "keyphrases": ()}
    return final(n, text, start_s, EnrichedCaption, latency=Latency(), **fields | more)


def topic(n, first, kind=TopicStarted, **more):
    fields = {"stream_id": "s", "topic_id": f"t{n}", "revision": 0, "start_s": None}
    first_id = {"first_caption_id": f"k{first}", "score": 1.0, "model": "m"}
    return kind(**fields | first_id | more)


def test_paragraphs_begin_with_time_and_speaker_under_the_name_of_their_topic():
    messages = [
        final(1, "Good morning.", 0.5, speaker="Ann"),
        final(2, "Shall we?", 1.6, speaker="Ann"),
        final(3, "Yes.", 3, speaker="Bo"),
        final(4, "Next: the roof.", 3725, speaker="Bo"),
        topic(1, 1, start_s=0.5),
        topic(2, 4, start_s=3725.0),
        topic(2, 4, TopicLabelled, revision=1, start_s=3725.0, label="the roof"),
    ]
    assert transcript(messages) == (
        "== 00:00:00 Topic 1 ==\n\n"
        "[00:00:00] Ann: Good morning. Shall we?\n\n"
        "[00:00:03] Bo: Yes.\n\n"
        "== 01:02:05 the roof ==\n\n"
        "[01:02:05] Bo: Next: the roof.\n"
    )


def test_without_times_speakers_or_topics_only_the_words_are_written():
    assert transcript([final(1, "One."), final(2, "Two.")]) == "One. Two.\n"
    assert transcript([]) == ""


def test_a_long_pause_or_a_long_paragraph_begins_a_new_one():
    pause = transcript([final(1, "a", 0), final(2, "b", 4), final(3, "c", 9)])
    assert pause == "[00:00:00] a b\n\n[00:00:09] c\n"
    long = transcript([final(n, "x" * 300) for n in range(4)])
    assert [len(part) for part in long.split("\n\n")] == [902, 301]


def test_only_what_stands_in_the_end_is_written_whatever_the_order_of_arrival():
    messages = [
        final(3, "late but first", 0.1),
        final(2, "two, corrected", 5, CaptionRevised, revision=3, final=True,
              reason="corrected"),
        final(1, "gone", 1),
        CaptionWithdrawn(stream_id="s", caption_id="k1", revision=2, reason="r"),
        final(2, "two", 5),
        final(4, "still open", 7, CaptionUpdated),
        enriched(2, "two", 5, revision=9),
        enriched(5, "known only enriched", 6),
    ]  # fmt: skip
    assert transcript(messages) == (
        "[00:00:00] late but first two, corrected known only enriched\n"
    )


def test_a_withdrawn_topic_has_no_heading_and_one_without_its_caption_still_has():
    messages = [
        final(1, "a", 0),
        final(2, "b", 1),
        topic(1, 2, TopicWithdrawn, revision=1),
        topic(1, 2),
        topic(2, 99, start_s=0.7, label="sea\nside"),
        topic(3, 98, start_s=50.0),
    ]
    assert transcript(messages) == (
        "[00:00:00] a\n\n== 00:00:00 sea side ==\n\n[00:00:01] b\n"
    )


def test_sentences_are_joined_as_their_script_does():
    assert (
        transcript([final(1, "こんにちは。"), final(2, "元気?")])
        == "こんにちは。元気?\n"
    )
    assert transcript([final(1, "안녕"), final(2, "하세요")]) == "안녕 하세요\n"
    assert transcript([final(1, "はい。"), final(2, "OK.")]) == "はい。 OK.\n"


@given(
    st.lists(st.text(st.characters(codec="utf-8"), min_size=1), min_size=1),
    st.text(st.characters(codec="utf-8"), min_size=1),
)
def test_no_text_name_or_label_begins_a_line_of_its_own(texts, name):
    messages = [final(n, text, n, speaker=name) for n, text in enumerate(texts)]
    written = transcript([*messages, topic(1, 0, label=name)])
    blocks = written.removesuffix("\n").split("\n\n")
    assert all(len(block.splitlines()) == 1 for block in blocks)
    assert all(block.startswith(("[", "== ")) for block in blocks)


def test_two_streams_are_no_transcript():
    with pytest.raises(ExportError, match="more than one stream"):
        transcript([final(1, "a"), final(2, "b", stream_id="t")])
