from tests.core.quality.live import final, hear
from workers.core.quality.loops import loop_in


def test_rule_10_a_loop_is_flagged_and_kept():
    text = "thanks for watching " * 6
    told = hear(final(text, 0, 9)).end()
    assert [caption.text for caption in told.finals] == [text.strip()]
    assert told.flags == [["repetition_loop"]]
    assert "thanks for watching" in told.finals[0].flags[0].evidence


def test_rule_10_three_times_is_a_way_to_talk():
    assert hear(final("No, no, no.", 0, 1)).flags == [[]]


def test_rule_10_a_stutter_inside_a_long_caption_is_none():
    text = "And then he said that that that that he would rather not come to the party."
    assert hear(final(text, 0, 6)).flags == [[]]


def test_rule_10_a_loop_of_five_words_between_words_said_once_is_found():
    before, loop, after = "one two three four", "a b c d e", "six seven eight nine"
    flag = loop_in(" ".join([before, *[loop] * 4, after, *"klmno"]))
    assert flag is not None
    assert flag.evidence == "4 x 'a b c d e'"
    assert loop_in(" ".join([before, *[loop] * 4, after, *"klmnop"])) is None


def test_rule_10_a_caption_whose_words_were_revised_is_looked_at_again():
    told = hear(
        final("go go go go go go.", 0, 2, segment_id="a"),
        final("Go and get it now then.", 0, 2, segment_id="a"),
    )
    assert [bool(caption.flags) for caption in told.captions] == [True, False]


def test_a_doubt_about_the_recogniser_is_no_doubt_about_a_person():
    told = hear(final("No, no, no, no, no.", 0, 3))
    assert told.flags == [["repetition_loop"]]
    told.correct(0, "No, no, no, no, no, no.")
    assert told.captions[-1].text == "No, no, no, no, no, no."
    assert told.captions[-1].flags == ()
