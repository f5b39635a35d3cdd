from hypothesis import given
from hypothesis import strategies as st

from workers.bench.talking import WORDS, _guesses, age_ms, now_ms
from workers.bench.view import Measured, spread


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_a_spread_is_made_of_ages_that_were_measured(ages):
    found = spread(ages)
    assert found.count == len(ages)
    assert {found.p50, found.p95, found.p99} <= set(ages)
    assert found.p50 <= found.p95 <= found.p99 <= max(ages)
    assert sum(age <= found.p95 for age in ages) >= 0.95 * len(ages)


def test_words_tell_when_they_were_sent():
    guesses = _guesses("live-0")
    sentence = [next(guesses) for _ in range(WORDS)]
    assert [one.is_final for one in sentence] == [False] * (WORDS - 1) + [True]
    assert len({one.segment_id for one in sentence}) == 1
    assert next(guesses).segment_id != sentence[0].segment_id
    assert -1 <= age_ms(sentence[-1].text.encode()) < 60_000
    newest = f"w1000000000000 w{now_ms() - 5000:.0f} and more"
    assert 4999 <= age_ms(newest.encode()) < 60_000
    assert age_ms(b"no time in it") is None


def test_the_ratio_is_the_median_of_rounds():
    def one(p99):
        return spread([p99])

    measured = Measured(
        streams=1,
        clients=1,
        without=[one(10.0), one(20.0), one(10.0)],
        beside=[one(11.0), one(20.0), one(90.0)],
        client=one(1.0),
        view_cpu_us=1.0,
    )
    assert measured.ratio == 1.1
