import pytest

from workers.core.text.sentence_ends import ends_sentence


@pytest.mark.parametrize("mark", ['"', "”", ")", "'"])
def test_a_lone_closing_mark_ends_no_sentence(mark):
    assert not ends_sentence(mark, None)
    assert ends_sentence(f"well.{mark}", None)
