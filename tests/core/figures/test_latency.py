from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from schemas.captions import Latency
from tests.core.quality.live import START_MS, Stream, final, hear
from workers.core.figures.latency import figures_of, shown_ms, stages

SECONDS = st.none() | st.floats(0, 100)
LATENCIES = st.lists(
    st.builds(
        Latency,
        **dict.fromkeys(("recogniser_s", "kafka_s", "policy_s", "worker_s"), SECONDS),
    ),
    max_size=30,
)
START = datetime.fromtimestamp(START_MS / 1000, UTC)


def sent(text, start_s, end_s, emitted_s):
    """A final of a stream that began with the clock."""
    return final(
        text,
        start_s,
        end_s,
        stream_started_at=START,
        emitted_at=START + timedelta(seconds=emitted_s),
    )


@given(LATENCIES)
def test_a_stage_that_no_caption_knows_is_none_and_never_0(latencies):
    told = figures_of(tuple(map(stages, latencies)))
    for name in ("recogniser_s", "kafka_s", "policy_s", "worker_s"):
        known = [getattr(one, name) for one in latencies]
        known = [round(one, 3) for one in known if one is not None]
        found = getattr(told, name)
        assert (found is None) == (not known)
        if known:
            assert found.p50 <= found.p95
            assert {found.p50, found.p95} <= set(known)


@given(LATENCIES)
def test_half_and_all_but_a_twentieth_are_not_above_the_quantiles(latencies):
    told = figures_of(tuple(map(stages, latencies))).worker_s
    known = [one.worker_s for one in latencies if one.worker_s is not None]
    known = [round(one, 3) for one in known]
    if known:
        assert sum(one <= told.p50 for one in known) >= 0.5 * len(known)
        assert sum(one <= told.p95 for one in known) >= 0.95 * len(known)


def test_the_total_is_of_captions_that_know_every_stage():
    known = Latency(recogniser_s=1.0, kafka_s=0.1, policy_s=0.0, worker_s=0.2)
    told = figures_of((stages(known), stages(Latency(worker_s=9.0))))
    assert told.total_s.p50 == told.total_s.p95 == 1.3


def test_the_hold_of_a_caption_delays_no_words():
    assert shown_ms(stages(Latency(kafka_s=0.1, policy_s=5.0, worker_s=0.2))) == 300
    assert shown_ms(stages(Latency(policy_s=5.0))) is None


def test_each_stage_of_a_stream_is_told():
    told = Stream().hear(sent("Good evening.", 0, 1, 1.5), after_ms=1_700).end()
    latency = told.metrics[-1].latency
    assert latency.recogniser_s.p50 == 0.5
    assert latency.kafka_s.p50 == 0.2
    assert latency.policy_s.p50 == latency.worker_s.p50 == 0
    assert latency.total_s.p50 == 0.7


def test_our_own_share_is_known_even_if_nothing_else_is():
    latency = hear(final("Good evening.", 0, 1)).end().metrics[-1].latency
    assert latency.worker_s.p95 == 0
    assert latency.recogniser_s is latency.kafka_s is latency.total_s is None


def test_a_window_without_captions_has_no_latency():
    told = hear(final("Good evening.", 0, 1)).wait(25_000)
    assert told.metrics[0].latency.worker_s is not None
    assert told.metrics[1].latency.worker_s is None
