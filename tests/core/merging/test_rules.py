from told import SETTINGS, Told, final, hear, interim

from schemas.captions import (
    CaptionFinal,
    CaptionRevised,
    CaptionUpdated,
    CaptionWithdrawn,
)
from schemas.segment import Word


def kinds(told):
    return [type(message) for message in told.messages]


def test_interims_grow_one_caption_that_its_final_ends():
    told = hear(
        interim("good", 0, 0.5),
        interim("good evening", 0, 1),
        final("Good evening.", 0, 1),
    )
    assert told.texts == ["Good evening."]
    assert len(told.finals) == 1
    assert {m.caption_id for m in told.messages} == {"0-0.c0"}


def test_rule_1_a_start_time_alone_is_no_identity():
    told = hear(
        interim("so we", 10, 11),
        interim("we went home", 10.4, 12),
        final("So we went home.", 10, 12),
    )
    assert told.texts == ["So we went home."]
    assert told.end().texts == ["So we went home."]


def test_rule_2_words_beyond_a_shorter_final_stay_and_are_promoted():
    told = hear(interim("we will go home now", 0, 4), final("We will go", 0, 2.2))
    assert told.silence().texts == ["We will go home now"]
    assert told.finals[0].uncertain


def test_rule_2_a_final_that_covers_them_later_owns_them():
    told = hear(
        interim("we will go home now", 0, 4),
        final("We will go", 0, 2.2),
        final("home again.", 2.2, 4),
    )
    assert told.texts == ["We will go home again."]
    assert not told.finals[0].uncertain


def test_rule_3_an_empty_final_promotes_what_was_open():
    told = hear(
        interim("thank you", 0, 1, segment_id="a"),
        final("", 0, 1, segment_id="a"),
    )
    assert told.outcomes[-1] == "promoted"
    assert told.silence().texts == ["thank you"]
    assert told.finals[0].uncertain


def test_rule_3_an_interim_without_a_final_is_promoted():
    told = hear(interim("is anybody there", 0, 1)).silence()
    assert told.texts == ["is anybody there"]
    assert told.finals[0].uncertain


def test_rule_4_a_repeat_with_new_time_is_speech():
    told = hear(final("Yes.", 0, 0.4), final("Yes.", 0.5, 0.9), final("Yes.", 1, 1.4))
    assert told.texts == ["Yes.", "Yes.", "Yes."]


def test_rule_4_the_same_words_at_the_same_time_are_a_duplicate():
    told = hear(final("Yes.", 0, 0.4), final("No.", 0.5, 1), final("Yes.", 0, 0.4))
    assert told.texts == ["Yes.", "No."]
    assert told.outcomes[-1] == "duplicate"


def test_rule_4_without_times_the_sequence_decides():
    told = hear(
        final("Yes.", sequence=1), final("Yes.", sequence=2), final("Yes.", sequence=2)
    )
    assert told.texts == ["Yes.", "Yes."]


def test_rule_4_without_times_and_names_nothing_is_a_duplicate():
    assert hear(final("Yes."), final("Yes.")).texts == ["Yes.", "Yes."]


def test_rule_5_windows_that_overlap_are_joined():
    told = hear(
        final("the river runs down to the", 0, 6),
        final("down to the old mill and", 4, 9),
        final("mill and stops.", 7.5, 10),
    )
    assert told.texts == ["the river runs down to the old mill and stops."]


def test_rule_7_a_new_epoch_goes_on_where_the_stream_had_come_to():
    told = hear(
        final("Before the break.", 100, 102, segment_id="1"),
        final("After it.", 0, 1, segment_id="1", epoch=1),
    )
    assert told.texts == ["Before the break.", "After it."]
    assert told.finals[1].start_s == 102


def test_rule_7_what_comes_from_an_older_epoch_is_refused_with_its_words():
    told = hear(final("New.", 0, 1, epoch=2), final("Old.", 5, 6, epoch=1))
    assert [refusal.reason for refusal in told.refused] == ["old_epoch"]
    assert told.refused[0].evidence == "Old."


def test_rule_8_a_caption_ends_with_its_sentence():
    told = hear(final("One is here. Two is not! Is three? Four", 0, 8))
    assert told.texts == ["One is here.", "Two is not!", "Is three?"]
    assert told.silence().texts[-1] == "Four"


def test_rule_8_abbreviations_initials_and_numbers_end_nothing():
    told = hear(final("Dr. Lindqvist and J. Moe saw 3.5 per cent, e.g. in May.", 0, 8))
    assert told.texts == ["Dr. Lindqvist and J. Moe saw 3.5 per cent, e.g. in May."]


def test_rule_8_a_sentence_may_run_over_many_segments():
    told = hear(
        final("and then we", 0, 1), final("came to a", 1, 2), final("hill.", 2, 3)
    )
    assert told.texts == ["and then we came to a hill."]


def test_rule_8_a_pause_ends_a_caption():
    told = hear(final("well", 0, 1), final("maybe not", 1.9, 3))
    assert told.texts == ["well"]


def test_rule_8_no_caption_has_two_speakers():
    told = hear(
        final("I think that", 0, 1, speaker="Ann"),
        final("you think too much", 1, 2, speaker="Bo"),
    ).silence()
    assert told.texts == ["I think that", "you think too much"]
    assert [m.speaker for m in told.finals] == ["Ann", "Bo"]


def test_rule_8_no_caption_has_two_channels():
    told = hear(
        final("left one", 0, 1, channel="left"),
        final("right two", 0, 1, channel="right"),
        final("and left.", 1, 2, channel="left"),
    ).silence()
    assert sorted(told.texts) == ["left one and left.", "right two"]


def test_rule_8_speech_without_an_end_is_cut_at_its_bound():
    told = hear(final("word " * 400, 0, 15)).end()
    assert all(len(text) <= 300 for text in told.texts)
    assert " ".join(told.texts).split() == ["word"] * 400


def test_rule_8_speech_without_a_pause_is_cut_after_a_quarter_minute():
    told = hear(*(final("on and on", at, at + 1) for at in range(40))).end()
    assert all(m.end_s - m.start_s <= 15 for m in told.finals)


def test_rule_8_scripts_without_spaces_are_cut_at_their_own_full_stop():
    told = hear(final("今日はいい天気ですね。明日もそうでしょう。", 0, 6))
    assert told.texts == ["今日はいい天気ですね。", "明日もそうでしょう。"]


def test_rule_9_two_hypotheses_that_agree_make_words_stable():
    told = hear(
        interim("the cat sat", 0, 1),
        interim("the cat sat on", 0, 1.5),
        interim("the cat sang on a", 0, 2),
    )
    stable = [message.text[: message.stable] for message in told.messages]
    assert stable == ["", "the cat", "the cat"]


def test_rule_9_the_provider_may_say_that_a_word_is_stable():
    words = [("we", True), ("are", True), ("hear", False)]
    told = hear(
        interim(
            "we are hear",
            0,
            2,
            words=tuple(
                Word(text=text, start_s=i / 2, end_s=i / 2 + 0.4, is_final=sure)
                for i, (text, sure) in enumerate(words)
            ),
        )
    )
    assert told.messages[0].stable == len("we are")


def test_rule_9_what_was_stable_changes_only_by_a_revision():
    told = hear(
        interim("no way there", 0, 1),
        interim("no way there is", 0, 2),
        final("Norway there is.", 0, 2),
    )
    assert kinds(told) == [CaptionUpdated, CaptionUpdated, CaptionRevised, CaptionFinal]
    assert not told.messages[2].final


def test_rule_9_nothing_that_was_shown_goes_without_an_event():
    told = hear(
        interim("It rains. Oh no", 0, 2, segment_id="a"),
        interim("It rains on", 0, 2, segment_id="a"),
    )
    assert CaptionWithdrawn in kinds(told)
    assert [shown.text for shown in told.screen.values()] == ["It rains on"]


def test_rule_11_silence_closes_what_is_open():
    told = hear(interim("and", 0, 0.5), final("and that was", 0, 1))
    assert not told.finals
    assert told.silence(4.9).texts == []
    assert told.silence(0.1).texts == ["and that was"]


def test_rule_11_a_guess_that_gets_no_final_waits_no_longer_where_others_speak():
    told = hear(interim("one word", 0, 1, segment_id="a"))
    due_ms = told.now_ms + SETTINGS.silence_ms
    while "one word" not in told.texts:
        number = len(told.finals) + 1
        said = final(f"Sentence {number}.", 9 * number, 9 * number + 1)
        told.hear(said, after_ms=100)
        assert told.now_ms <= due_ms


def test_rule_11_no_news_of_a_recogniser_that_never_guesses_is_no_silence_yet():
    told = hear(final("and that was", 0, 1))
    told.hear(final("the end of it.", 1, 9), after_ms=9_000)
    assert told.texts == ["and that was the end of it."]


def test_rule_13_another_final_of_the_same_segment_revises_its_caption():
    told = hear(
        final("We have fifteen boats.", 0, 2, segment_id="a"),
        final("And a pier.", 2, 3, segment_id="b"),
        final("We have fifty boats.", 0, 2, segment_id="a"),
    )
    assert told.texts == ["We have fifty boats.", "And a pier."]
    revised = told.messages[-1]
    assert isinstance(revised, CaptionRevised)
    assert revised.final
    assert revised.caption_id == "0-0.c0"


def test_rule_13_only_the_captions_whose_words_changed_are_revised():
    told = hear(
        final("One is red. Two is blue. Six is green.", 0, 6, segment_id="a"),
        final("One is red. Two is grey. Six is green.", 0, 6, segment_id="a"),
    )
    assert told.texts == ["One is red.", "Two is grey.", "Six is green."]
    assert [m.caption_id for m in told.messages if isinstance(m, CaptionRevised)] == [
        "0-0.c1"
    ]


def test_rule_13_a_caption_that_loses_all_its_words_is_withdrawn():
    told = hear(
        final("One is red. Two is blue.", 0, 4, segment_id="a"),
        final("One is red.", 0, 2, segment_id="a"),
    )
    assert told.texts == ["One is red."]


def test_rule_13_a_final_for_promoted_words_revises_them():
    told = hear(interim("see you tomorow", 0, 2)).silence()
    told.hear(final("See you tomorrow.", 0, 2))
    assert told.texts == ["See you tomorrow."]
    assert not next(iter(told.screen.values())).uncertain


def test_rule_13_a_final_confirms_promoted_words_that_were_right():
    told = hear(interim("see you", 0, 2, segment_id="a")).silence()
    told.hear(final("see you", 0, 2, segment_id="a"))
    assert told.texts == ["see you"]
    assert not next(iter(told.screen.values())).uncertain


def test_rule_13_the_last_twenty_are_kept_for_it_and_older_ones_refused():
    told = Told()
    for number in range(30):
        told.hear(
            final(f"This is {number}.", number, number + 1, segment_id=f"{number}")
        )
    told.hear(final("This is ten.", 10, 11, segment_id="10"))
    assert told.texts[10] == "This is ten."
    told.hear(final("This is nine.", 9, 10, segment_id="9"))
    assert told.texts[9] == "This is 9."
    assert [refusal.reason for refusal in told.refused] == ["too_late"]
    assert told.refused[0].evidence == "This is nine."


def test_late_finals_are_told_as_late():
    told = hear(final("First.", 0, 1), final("Third.", 9, 10), final("Second.", 4, 5))
    assert told.texts == ["First.", "Third.", "Second."]
    assert [m.late for m in told.finals] == [False, False, True]


def test_cumulative_text_gives_each_word_once():
    told = hear(
        interim("how", mode="cumulative"),
        final("how are you", mode="cumulative"),
        final("how are you today?", mode="cumulative"),
        final("how are you today? Fine.", mode="cumulative", end_of_utterance=True),
        final("How is she?", mode="cumulative", end_of_utterance=True),
    )
    assert told.texts == ["how are you today?", "Fine.", "How is she?"]


def test_appended_text_follows_what_was_sent_before():
    told = hear(
        interim("how are", mode="append"),
        final("you", mode="append"),
        final("today?", mode="append"),
    )
    assert told.texts == ["how are you today?"]


def test_an_interim_that_comes_after_its_final_changes_nothing():
    told = hear(
        final("All done.", 0, 1, segment_id="a"), interim("all", 0, 1, segment_id="a")
    )
    assert told.texts == ["All done."]
    assert told.outcomes[-1] == "late_interim"
    assert told.end().texts == ["All done."]


def test_the_confidence_of_a_caption_is_the_mean_over_its_words():
    words = tuple(
        Word(text=text, confidence=sure)
        for text, sure in [("good", 0.9), ("evening.", None)]
    )
    told = hear(
        final("good evening.", 0, 1, words=words, confidence=0.5),
        final("And welcome.", 1, 2, confidence=0.8),
        final("No measure of it.", 2, 3, confidence=0.0),
    )
    assert [m.confidence for m in told.finals] == [0.7, 0.8, None]


def test_words_that_were_revised_bring_their_own_confidence():
    better = Word(text="fifty.", confidence=0.9)
    told = hear(
        final("fifteen.", 0, 1, segment_id="a", confidence=0.4),
        final("fifty.", 0, 1, segment_id="a", words=(better,)),
    )
    assert [m.confidence for m in told.messages] == [0.4, 0.9]
