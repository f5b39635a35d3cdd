"""What is peculiar to each provider, and would fool a reader who does not know it."""

import pytest

from tests.adapters.provider_fixtures import adapted, values
from workers.adapters.providers.provider import AdapterError


def of(segments):
    return [(one.text, one.is_final) for one in segments]


def deepgram(text, start, duration=1.0, *, final=False, request="r1", **more):
    return {
        "type": "Results",
        "start": start,
        "duration": duration,
        "is_final": final,
        "channel": {"alternatives": [{"transcript": text}]},
        "metadata": {"request_id": request},
    } | more


def test_deepgram_an_empty_final_is_told_and_an_empty_guess_is_not():
    sent = [deepgram("", 0), deepgram("hello", 0), deepgram("", 0, final=True)]
    assert of(adapted("deepgram", sent)) == [("hello", False), ("", True)]


def test_deepgram_gives_no_name_to_a_stretch_since_its_start_moves():
    segments = adapted("deepgram", values("deepgram"))
    assert {one.segment_id for one in segments} == {None}


def test_deepgram_an_utterance_ends_by_speech_final_or_by_its_message():
    sent = [
        deepgram("hello", 0, final=True, speech_final=True),
        deepgram("hello", 0, speech_final=True),
        {"type": "UtteranceEnd", "channel": [1, 2], "last_word_end": 3.1},
    ]
    ends = [(one.end_of_utterance, one.channel) for one in adapted("deepgram", sent)]
    assert ends == [(True, None), (False, None), (True, "1")]


def test_deepgram_a_channel_is_named_where_there_are_several():
    for index, channel in (([0, 1], None), ([1, 2], "1"), ([0, 2], "0")):
        (segment,) = adapted("deepgram", [deepgram("a", 0, channel_index=index)])
        assert segment.channel == channel


def test_deepgram_a_late_message_of_an_old_request_stays_in_its_session():
    sent = [deepgram("a", 0, request=name) for name in ("r1", "r2", "r1")]
    assert [one.epoch for one in adapted("deepgram", sent)] == [0, 1, 0]


def test_flux_an_eager_end_may_be_taken_back_so_it_is_no_final():
    segments = adapted("deepgram-flux", values("deepgram-flux"))
    finals = [one for one in segments if one.is_final]
    assert [one.segment_id for one in finals] == ["0", "1", "2", "0"]
    assert all(one.end_of_utterance for one in finals)
    assert "I would like soup." in {one.text for one in segments if not one.is_final}


def aws(result_id, text, start, *, partial, channel="ch_0", items=()):
    return {
        "ResultId": result_id,
        "StartTime": start,
        "EndTime": start + 1,
        "IsPartial": partial,
        "ChannelId": channel,
        "Alternatives": [{"Transcript": text, "Items": list(items)}],
    }


def aws_message(*results):
    return {"Transcript": {"Results": list(results)}}


def test_aws_no_result_of_a_message_is_left_out():
    one = aws("a", "hello", 0, partial=False)
    two = aws("b", "hi", 0.5, partial=False, channel="ch_1")
    segments = adapted("aws-transcribe", [aws_message(one, two)])
    assert [(one.text, one.channel) for one in segments] == [
        ("hello", "ch_0"),
        ("hi", "ch_1"),
    ]


def test_aws_a_final_under_another_id_is_known_by_channel_and_start():
    sent = [
        aws_message(aws("a", "hel", 0.5, partial=True)),
        aws_message(aws("z", "hello", 0.5, partial=False)),
        aws_message(aws("a", "new", 2.5, partial=True)),
    ]
    ids = [one.segment_id for one in adapted("aws-transcribe", sent)]
    assert ids == ["a", "a", "a"]
    other = aws_message(aws("y", "yes", 0.5, partial=False, channel="ch_1"))
    assert adapted("aws-transcribe", [sent[0], other])[-1].segment_id == "y"


def test_aws_a_word_is_as_stable_as_its_item_and_a_mark_lowers_no_confidence():
    items = [
        {"Content": "Hello", "StartTime": 0, "EndTime": 1, "Confidence": 0.9}
        | {"Stable": True, "Type": "pronunciation"},
        {"Content": ",", "StartTime": 1, "EndTime": 1, "Confidence": 0.0}
        | {"Stable": True, "Type": "punctuation"},
        {"Content": "you", "StartTime": 1, "EndTime": 2, "Stable": False},
    ]
    message = aws_message(aws("a", "Hello, you", 0, partial=True, items=items))
    (segment,) = adapted("aws-transcribe", [message])
    told = [(one.text, one.is_final, one.confidence) for one in segment.words]
    assert told == [("Hello,", True, 0.9), ("you", False, None)]


def google(*parts, final=False, end="2s", **more):
    return {
        "results": [
            {"alternatives": [{"transcript": text}], "stability": stability}
            | {"isFinal": final, "resultEndTime": end}
            | more
            for text, stability in parts
        ]
    }


def test_google_the_parts_of_a_guess_are_one_and_as_stable_as_the_least():
    sent = [google(("to be", 0.9), (" or not", 0.1))]
    (segment,) = adapted("google", sent)
    assert (segment.text, segment.stability) == ("to be or not", 0.1)


def test_google_a_result_begins_where_the_one_before_ended_or_later():
    sent = [
        google(("one two three", 0), final=True, end="3s"),
        google(("four", 0.1), end="3.400s"),
        google(("four five", 0.1), end="4s"),
        google(("four five", 0), final=True, end="4.1s"),
        google(("six", 0.1), end="60s"),
    ]
    times = [(one.start_s, one.end_s) for one in adapted("google", sent)]
    assert times == [(1.2, 3), (3, 3.4), (3, 4), (3, 4.1), (59.4, 60)]


def test_google_zero_is_how_not_set_is_written():
    message = google(("hello", 0.0), final=True, end="2s")
    message["results"][0]["alternatives"][0]["confidence"] = 0.0
    (segment,) = adapted("google", [message])
    assert (segment.confidence, segment.stability) == (None, None)


def test_google_a_session_that_begins_anew_after_five_minutes_is_another():
    sent = [google(("a", 0), final=True, end=end) for end in ("299s", "1s", "2s")]
    assert [one.epoch for one in adapted("google", sent)] == [0, 1, 1]
    named = [google(("a", 0), final=True) | {"requestId": n} for n in ("7", "8")]
    assert [one.epoch for one in adapted("google", named)] == [0, 1]


def google_with_word(word):
    message = google(("a", 0), final=True)
    message["results"][0]["alternatives"][0]["words"] = [word]
    return message


def test_google_channels_have_turns_of_their_own():
    sent = [
        google(("one", 0), final=True, end="9s", channelTag=1),
        google(("two", 0.1), end="9.5s", channelTag=2),
        google(("three", 0.1), end="9.6s", channelTag=1),
    ]
    told = [(one.channel, one.start_s) for one in adapted("google", sent)]
    assert told == [("1", 8.4), ("2", 8.9), ("1", 9.0)]


def test_google_v1_repeats_all_words_where_it_tells_speakers_and_only_new_ones_count():
    words = [
        {"word": word, "startTime": f"{n}s", "endTime": f"{n + 1}s", "speakerTag": tag}
        for n, (word, tag) in enumerate([("old", 1), ("words", 1), ("now", 2)])
    ]
    message = google(("now", 0), final=True, end="3s")
    message["results"][0]["alternatives"][0]["words"] = words
    (segment,) = adapted("google", [message])
    assert (segment.text, segment.speaker, segment.start_s) == ("now", "2", 2)


def test_riva_has_words_in_milliseconds_and_confidences_that_are_none():
    segments = adapted("riva", values("riva"))
    final = next(one for one in segments if one.is_final)
    assert (final.start_s, final.words[0].end_s) == (0.4, 0.68)
    assert {one.confidence for one in segments} == {None}


def test_riva_a_guess_of_stability_1_is_a_guess():
    segments = adapted("riva", values("riva"))
    assert any(one.stability == 1 and not one.is_final for one in segments)


def test_azure_a_guess_that_comes_late_is_left_out():
    sent = values("azure")[:4]
    texts = [one.text for one in adapted("azure", sent)]
    assert texts == ["did", "did you feed a", "did you feed the cat"]


def test_azure_nothing_matched_lets_the_guess_stand():
    sent = [
        {"Text": "oh", "Offset": 10_000_000, "Duration": 5_000_000},
        {"RecognitionStatus": "NoMatch", "Offset": 10_000_000, "Duration": 9_000_000},
        {"RecognitionStatus": "EndOfDictation", "Offset": 90_000_000, "Duration": 0},
        {"RecognitionStatus": "Error", "Offset": 90_000_000, "Duration": 0},
    ]
    assert of(adapted("azure", sent)) == [("oh", False), ("", True)]


def assemblyai(turn, text, *, ended=False, formatted=False):
    words = [
        {"text": one, "start": 1000 * n, "end": 1000 * n + 900, "word_is_final": True}
        for n, one in enumerate(text.split(), start=10 * turn)
    ]
    return {
        "type": "Turn",
        "turn_order": turn,
        "end_of_turn": ended,
        "turn_is_formatted": formatted,
        "transcript": text,
        "words": words,
    }


def test_assemblyai_the_formatted_twin_is_the_only_final_of_a_turn():
    sent = [
        assemblyai(0, "hi there"),
        assemblyai(0, "hi there", ended=True),
        assemblyai(0, "Hi there.", ended=True, formatted=True),
        assemblyai(1, "yes", ended=True),
    ]
    assert of(adapted("assemblyai", sent)) == [
        ("hi there", False),
        ("hi there", False),
        ("Hi there.", True),
        ("yes", False),
    ]


def test_assemblyai_without_twins_the_plain_end_is_the_final():
    sent = [assemblyai(n, f"turn {n}", ended=True) for n in range(3)]
    sent.append({"type": "Termination"})
    told = [(one.text, one.is_final) for one in adapted("assemblyai", sent)]
    # That none comes shows with the second turn.
    assert told == [
        ("turn 0", False),
        ("turn 0", True),
        ("turn 1", True),
        ("turn 2", True),
    ]


def test_assemblyai_a_plain_end_that_waits_is_final_at_the_end_of_the_session():
    sent = [assemblyai(0, "bye", ended=True), {"type": "Termination"}]
    assert of(adapted("assemblyai", sent)) == [("bye", False), ("bye", True)]


def test_assemblyai_a_guess_has_all_words_also_those_not_final():
    message = assemblyai(0, "hi there") | {"transcript": "hi"}
    assert of(adapted("assemblyai", [message])) == [("hi there", False)]


def whisperlive(*segments):
    return {
        "uid": "c",
        "segments": [
            {"start": f"{a:.3f}", "end": f"{b:.3f}", "text": text} | more
            for a, b, text, more in segments
        ],
    }


DONE, OPEN = {"completed": True}, {"completed": False}


def test_whisperlive_what_comes_again_is_said_once_and_a_repeat_twice():
    yes, again = (0, 1, " Yes.", DONE), (1, 2, " Yes.", DONE)
    sent = [whisperlive(yes), whisperlive(yes, again), whisperlive(yes, again)]
    assert of(adapted("whisperlive", sent)) == [("Yes.", True), ("Yes.", True)]


def test_whisperlive_an_older_server_means_all_but_the_last():
    sent = [whisperlive((0, 1, " One.", {}), (1, 2, " Two", {}))]
    assert of(adapted("whisperlive", sent)) == [("One.", True), ("Two", False)]


def test_whisper_streaming_spaces_are_part_of_what_is_said():
    sent = [b"10.5 0 500  some", b"20.5 500 900 thing", b"30.5 900 1000 ."]
    texts = [one.text for one in adapted("whisper-streaming", sent)]
    assert texts == ["some", "something", "something."]


def test_whisper_streaming_the_server_leaves_the_first_number_out():
    first = adapted("whisper-streaming", [b"10.5 1000 2000  20 boats"])
    assert first == adapted("whisper-streaming", [b"1000 2000  20 boats"])
    assert (first[0].text, first[0].start_s) == ("20 boats", 1)


def test_simulstreaming_is_final_ends_a_voice_and_not_a_text():
    sent = [
        {"text": " so", "start": 0.0, "end": 0.5, "is_final": False},
        {"is_final": True, "emission_time": 1.0},
    ]
    told = [(one.is_final, one.end_of_utterance) for one in _simul(sent)]
    assert told == [(False, False), (True, True)]


def _simul(sent):
    return adapted("whisper-streaming", sent)


def test_speechmatics_a_mark_that_comes_alone_belongs_to_the_word_before():
    finals = [
        one.text
        for one in adapted("speechmatics", values("speechmatics"))
        if one.is_final
    ]
    assert finals[0] == "The library closes at six."


def test_speechmatics_channels_grow_side_by_side():
    def word(text, channel, at_s):
        return {
            "message": "AddTranscript",
            "channel": channel,
            "results": [
                {
                    "type": "word",
                    "start_time": at_s,
                    "end_time": at_s + 0.5,
                    "alternatives": [{"content": text}],
                }
            ],
        }

    sent = [word("good", "a", 0), word("no", "b", 0.2), word("day", "a", 0.6)]
    last = adapted("speechmatics", sent)[-1]
    assert (last.text, last.channel) == ("good day", "a")


def soniox(*tokens):
    return {
        "tokens": [
            {"text": text, "start_ms": n * 100, "end_ms": n * 100 + 100}
            | {"is_final": final}
            | more
            for n, (text, final, more) in enumerate(tokens)
        ]
    }


def test_soniox_a_token_is_final_on_its_own():
    sent = [soniox(("fer", True, {}), ("ry", False, {}), (" now", False, {}))]
    (segment,) = adapted("soniox", sent)
    told = [(one.text, one.is_final) for one in segment.words]
    assert told == [("ferry", False), ("now", False)]
    sent = [soniox(("ferry", True, {}), (" now", False, {}))]
    (segment,) = adapted("soniox", sent)
    assert [one.is_final for one in segment.words] == [True, False]


def test_soniox_signs_are_not_spoken_and_translations_were_not():
    sent = [soniox(("hello", True, {}), ("<end>", True, {}))]
    sent.append(soniox(("hallo", True, {"translation_status": "translation"})))
    (final,) = adapted("soniox", sent)
    assert (final.text, final.is_final, final.end_of_utterance) == ("hello", True, True)
    (final,) = adapted("soniox", [soniox(("hi", True, {}), ("<fin>", True, {}))])[:1]
    assert (final.text, final.end_of_utterance) == ("hi", False)


def whisperlivekit(*lines, buffer="", **more):
    return {
        "lines": [
            {"speaker": speaker, "text": text, "start": start, "end": end}
            for speaker, text, start, end in lines
        ],
        "buffer_transcription": buffer,
    } | more


def test_whisperlivekit_takes_only_what_is_new_of_a_line_that_grows():
    sent = [
        whisperlivekit((1, "One two.", "0:00:00", "0:00:02")),
        whisperlivekit((1, "One two. Three.", "0:00:00", "0:00:03")),
        whisperlivekit((1, "One two. Three.", "0:00:00", "0:00:03")),
    ]
    segments = adapted("whisperlivekit", sent)
    assert of(segments) == [("One two.", True), ("Three.", True)]
    assert [one.start_s for one in segments] == [0, 2]


def test_whisperlivekit_a_line_written_anew_says_nothing_twice():
    sent = [
        whisperlivekit((1, "One two.", "0:00:00", "0:00:02")),
        whisperlivekit((1, "One too. Three.", "0:00:00", "0:00:03")),
    ]
    assert of(adapted("whisperlivekit", sent))[-1] == ("Three.", True)


def test_whisperlivekit_a_diff_brings_the_line_that_grew_once_more():
    line = {"speaker": 1, "start": "0:00:00", "end": "0:00:02"}
    first = {"type": "snapshot", "seq": 1, "lines": [line | {"text": "One."}]}
    grown = {"type": "diff", "seq": 2, "n_lines": 1}
    grown["new_lines"] = [line | {"text": "One. Two."}]
    pruned = {"type": "diff", "seq": 3, "n_lines": 1, "lines_pruned": 1}
    pruned["new_lines"] = [line | {"text": "Three."}]
    segments = adapted("whisperlivekit", [first, grown, pruned])
    assert [one.text for one in segments] == ["One.", "Two.", "Three."]


def test_whisperlivekit_a_line_of_silence_is_nobody():
    silence = (-2, None, "0:00:00", "0:00:09")
    assert adapted("whisperlivekit", [whisperlivekit(silence)]) == []


def skynet(participant, phrase, text, ms, kind="interim"):
    return {
        "id": phrase,
        "participant_id": participant,
        "text": text,
        "ts": 1_795_514_400_000 + ms,
        "type": kind,
    }


def test_skynet_two_people_may_share_the_name_of_a_phrase():
    sent = [skynet("a", "1", "hello", 0), skynet("b", "1", "hi", 100)]
    segments = adapted("skynet", sent)
    assert len({one.segment_id for one in segments}) == 2
    assert [one.channel for one in segments] == ["a", "b"]


def test_skynet_a_final_dated_at_the_start_of_the_server_is_no_hour_long():
    sent = [
        skynet("a", "1", "long before", 0),
        skynet("a", "1", "hello", 100_000),
        skynet("a", "1", "Hello.", -3_600_000, "final"),
    ]
    final = adapted("skynet", sent)[-1]
    assert (final.start_s, final.end_s) == (70, 100)


def test_vexa_what_is_confirmed_is_said_once_also_under_another_name():
    sent = values("vexa")
    finals = [one.text for one in adapted("vexa", sent) if one.is_final]
    assert len(finals) == len(set(finals)) == 4


def test_vexa_a_draft_is_cut_off_by_three_dots_and_turned_times_are_turned_back():
    segments = adapted("vexa", values("vexa"))
    assert segments[0].text == "The map shows"
    assert (segments[-1].start_s, segments[-1].end_s) == (8, 9.4)


def test_vexa_tells_when_its_times_began():
    started = {one.stream_started_at for one in adapted("vexa", values("vexa"))[:2]}
    assert [one.isoformat() for one in started] == ["2026-11-24T10:00:00+00:00"]


def test_lca_what_machines_add_to_a_call_is_not_speech():
    segments = adapted("lca", values("lca"))
    assert {one.channel for one in segments[:-1]} == {"AGENT", "CALLER"}
    assert segments[-1].end_of_stream
    assert segments[0].emitted_at.isoformat() == "2026-11-24T10:00:01.700000+00:00"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("deepgram", deepgram("a", 0, channel_index="0")),
        ("deepgram-flux", {"type": "TurnInfo", "transcript": ["a"]}),
        ("aws-transcribe", {"Transcript": {"Results": [{"IsPartial": "yes"}]}}),
        (
            "aws-call-analytics",
            {
                "UtteranceEvent": {"ParticipantRole": "AGENT"}
                | {"Transcript": "a", "BeginOffsetMillis": "1"}
            },
        ),
        ("google", google_with_word({"word": "a", "startTime": 1.5})),
        ("riva", google(("a", 0)) | {"results": [{"audio_processed": "2s"}]}),
        ("azure", {"Text": "a", "Offset": 1.5}),
        ("assemblyai", {"type": "Turn", "turn_order": "0"}),
        ("whisperlive", whisperlive((0, 1, 5, DONE))),
        ("speechmatics", {"message": "AddTranscript", "results": {}}),
        ("soniox", {"tokens": [{"text": "a", "is_final": 1}]}),
        ("gladia", {"type": "transcript", "data": {"utterance": {"text": 1}}}),
        ("whisperlivekit", whisperlivekit((1, "a", 0, 1))),
        ("whisper-streaming", {"text": 5}),
        ("skynet", skynet("a", "1", "a", 0) | {"ts": "now"}),
        ("vexa", {"text": "a", "start": "1"}),
        (
            "lca",
            {"EventType": "ADD_TRANSCRIPT_SEGMENT", "Channel": "AGENT"}
            | {"Transcript": "a", "StartTime": True},
        ),
    ],
)
def test_a_documented_field_of_another_type_is_refused(name, message):
    with pytest.raises(AdapterError):
        adapted(name, [message])
