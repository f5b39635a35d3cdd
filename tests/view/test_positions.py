import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.view.positions import READ, BadPositionError, read, written

POSITIONS = st.tuples(*[st.integers(0, 10**18 - 1)] * len(READ))


@given(POSITIONS)
def test_a_position_comes_back_from_its_id(position):
    assert read(written(position)) == position


@given(st.text())
def test_any_other_text_is_refused_as_no_id(text):
    try:
        position = read(text)
    except BadPositionError:
        return
    assert [int(part) for part in text.split("-")] == list(position)


@pytest.mark.parametrize(
    "text", ["", "1", "1-2-3-4", "1-2-3-4-5-6", "1-2-3-4-", "١-2-3-4-5", "9" * 5000]
)
def test_what_no_event_had_as_its_id_is_refused(text):
    with pytest.raises(BadPositionError):
        read(text)
