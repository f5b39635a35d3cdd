"""A run can be repeated by its seed, and its report tells only what happened."""

from tests.chaos.plan import FAULTS, LONG, LONG_MINUTES, SHORT, plan, scaled
from tests.chaos.report import report


def told(planned):
    return [(each.kind, each.at_s, each.dice.random()) for each in planned]


def test_a_seed_gives_the_same_faults_with_the_same_dice():
    assert told(plan(7, 60, SHORT)) == told(plan(7, 60, SHORT))
    assert told(plan(7, 60, SHORT)) != told(plan(8, 60, SHORT))


def test_a_plan_has_each_fault_as_often_as_it_is_asked_for():
    kinds = [each.kind for each in plan(7, 60, LONG)]
    assert {kind: kinds.count(kind) for kind in kinds} == LONG


def test_every_fault_there_is_is_in_the_long_mix():
    assert LONG.keys() == FAULTS.keys()
    assert scaled(LONG_MINUTES) == LONG


def test_a_fault_that_did_not_happen_counts_as_made_only():
    journal = [
        {"what": "begin", "seed": 7, "brokers": 1, "seconds": 60},
        {"what": "void", "kind": "kill"},
        {
            "what": "happened",
            "kind": "kill",
            "signals": {"kill -9": 1},
            "static": True,
            "recovered_s": [1.0, 3.0],
        },
        {"what": "ended", "by": "kill -9", "code": -9},
        {"what": "end", "sent": 10, "violations": 0},
    ]
    text = report([journal])
    assert "| kill | 2 | 1 |" in text
    assert "1 kill -9" in text
    assert "| 7 | 1 | 1 | 10 | 1 | 1 | 0 |" in text


def test_times_to_recover_are_told_apart_by_whether_other_faults_were_under_way():
    def fault(number, began, ended, seconds):
        about = {"number": number, "kind": "kill"}
        told = {"signals": {"kill -9": 1}, "static": True, "recovered_s": [seconds]}
        return [
            {"what": "fault", "at_s": began, **about},
            {"what": "happened", "at_s": ended, **about, **told},
        ]

    faults = [*fault(0, 1, 4, 3.0), *fault(1, 10, 20, 9.0), *fault(2, 19, 30, 8.0)]
    begin = {"what": "begin", "seed": 7, "brokers": 1, "seconds": 60}
    end = {"what": "end", "sent": 10, "violations": 0}
    slow = {"what": "unrecovered", "agent": "merge", "partitions": [1, 3]}
    text = report([[begin, *faults, slow, end]])
    assert "more than 60 s: 2." in text
    static = "| kill -9, static member, started again at once"
    assert f"{static} | no | 1 | 3.0 s | 3.0 s | 3.0 s |" in text
    assert f"{static} | yes | 2 |" in text


def test_the_long_mix_has_what_is_asked_of_it_with_something_to_spare():
    kills = LONG["kill"] + LONG["kill at a point"] + 2 * LONG["kill at its start"]
    kills += LONG["kill while it leaves"] + 3 * LONG["kill all"]
    restarts = [LONG[f"broker {how}"] for how in ("kill", "stop")]
    assert kills >= 110
    assert LONG["term"] > 30
    assert 2 * LONG["join and leave"] > 30
    assert LONG["zombie"] + LONG["zombie at a point"] > 20
    assert sum(restarts) > 10
    assert LONG["late end"] > 20
