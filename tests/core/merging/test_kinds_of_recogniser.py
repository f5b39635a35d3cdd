"""The ground truth: what each kind of recogniser sends of a talk that we know.

``CAPTION_SIMULATED_SEEDS=300 pytest tests/core/merging/test_kinds_of_recogniser.py``
for more streams of each kind.
"""

import os
from statistics import median

import pytest

from workers.bench.simulator import KINDS, scored, viewed

SEEDS = int(os.environ.get("CAPTION_SIMULATED_SEEDS", "12"))
UTTERANCES = 10


@pytest.mark.parametrize("name", KINDS)
def test_each_spoken_word_comes_once_and_in_order_whatever_the_recogniser(name):
    kind = KINDS[name]
    for seed in range(SEEDS):
        talk, sent = kind.simulate(seed, UTTERANCES)
        seen = viewed(sent)
        score = scored(talk, sent, seen)
        assert not seen.breaches, seed
        assert score.f1 >= kind.least_f1, seed
        assert kind.least_f1 < 1 or (score.exact and not score.mixed), seed


@pytest.mark.parametrize("name", KINDS)
def test_what_is_promised_is_promised_soon_and_kept(name):
    spoken, erased, delays_ms = 0, 0, []
    for seed in range(SEEDS):
        talk, sent = KINDS[name].simulate(seed, 2 * UTTERANCES)
        score = scored(talk, sent, viewed(sent))
        spoken += score.spoken
        erased += score.erased
        delays_ms += score.delays_ms
    assert erased <= 0.05 * spoken
    assert median(delays_ms) <= 700


def test_the_same_seed_is_the_same_stream():
    for kind in KINDS.values():
        assert kind.simulate(7, 4) == kind.simulate(7, 4)
