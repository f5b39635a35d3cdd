"""What the peers are measured by: the job, what they are sent, how it is judged."""

import orjson

from tests.bench.peers.job import step
from tests.bench.peers.kafka_side import Outputs
from tests.bench.peers.report import table
from tests.bench.peers.segments import STREAMS, segments
from workers.delivery.clients import Connection

COUNT = 5_000
SENT = list(segments(COUNT))
ABOUT = {
    "what": "about",
    "date": "2026-11-29",
    "processor": "some",
    "cores": 2,
    "python": "3.11.7",
    "segments": COUNT,
    "seconds": 5,
    "load": 0.5,
    "minutes": 9.5,
}


def test_all_peers_are_sent_the_same():
    assert list(segments(COUNT)) == SENT
    assert len({one.key for one in SENT}) == STREAMS


def test_each_final_is_a_caption_that_starts_with_its_first_guess():
    starts = {}
    for one in SENT:
        segment = orjson.loads(one.value)
        start = starts.setdefault(segment["segment_id"], segment["start_s"])
        assert (one.caption is not None) == segment["is_final"]
        if one.caption is not None:
            assert one.caption["start_s"] == start


def test_stale_and_late_guesses_are_sent_and_change_nothing():
    odd = [one for one in SENT if b'"stale ' in one.value or b'"late ' in one.value]
    assert len(odd) > COUNT / 100
    states = {}
    for one in SENT:
        before = states.get(one.key)
        states[one.key], _ = step(before, orjson.loads(one.value))
        assert one not in odd or states[one.key] == before


def test_a_state_set_back_makes_wrong_captions():
    state, captions = None, []
    for one in SENT:
        if one.key == SENT[0].key:
            state, caption = step(state, orjson.loads(one.value))
            if caption:
                captions.append((caption, one.caption))
                state = state if len(captions) != 2 else None
    assert [made == wanted for made, wanted in captions[:3]] == [True, True, False]


async def test_what_came_is_judged_by_what_had_to_come():
    wanted = {one.caption["caption_id"]: one.caption for one in SENT if one.caption}
    values = [orjson.dumps(caption) for caption in wanted.values()]
    outputs = Outputs(Connection(bootstrap="127.0.0.1:9"), "out")
    outputs.values = [*values[1:], values[3], values[5].replace(b'"s', b'"S')]
    assert outputs.judge(wanted) == (1, 1, 1)


def test_the_table_has_medians_and_ratios_to_the_first_peer():
    def drain(peer, rate, cpu_s):
        counts = {"lost": 0, "doubled": 0, "wrong": 0}
        line = {"what": "drain", "peer": peer, "rate": rate, "cpu_s": cpu_s}
        return {**line, "mib": 50, **counts}

    lines = [drain("ours", rate, 1.0) for rate in (90_000, 100_000, 400_000)]
    lines += [drain("quix", 40_000, 2.5), {**drain("faust", 900, 40.0), "lost": 3}]
    lines.append({"what": "latency", "peer": "quix", "at": 300, "failed": "a\nb"})
    text = table([ABOUT, *lines])
    assert "3 rounds" in text
    assert "| 100,000 (90,000 to 400,000) | 1.00 | 1.00 | 1.00 | 50 |" in text
    assert "| 40,000 | 0.40 | 2.50 | 2.50 | 50 |" in text
    assert "quix, latency: did not work: `b`" in text
    assert "faust, backlog: 3 lost" in text
