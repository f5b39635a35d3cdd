"""When an agent that ends is started again, and when it is given up."""

import time
from types import SimpleNamespace

import pytest

from workers.cli import supervise
from workers.cli.supervise import GIVE_UP_AFTER, Supervisor, _Child
from workers.delivery.exits import Exit


@pytest.fixture
def ends(monkeypatch):
    """Return a function: let an agent end with a code, over and over, at once."""
    monkeypatch.setattr(supervise, "FIRST_PAUSE_S", 0.0)
    starts = []

    def ends(code, times):
        supervisor = Supervisor(("merge",))
        monkeypatch.setattr(
            supervisor,
            "_start",
            lambda _: starts.append(1) or SimpleNamespace(pid=1, poll=lambda: code),
        )
        child = _Child("merge")
        given_up = 0
        for _ in range(times):
            given_up = given_up or supervisor._look_after(child)
        return given_up, len(starts)

    return ends


def test_an_agent_that_ends_over_and_over_is_given_up_with_its_code(ends):
    assert ends(Exit.UNEXPECTED, 50) == (Exit.UNEXPECTED, GIVE_UP_AFTER)


@pytest.mark.parametrize("code", [Exit.TOPICS, Exit.POSITION, Exit.STATE_UNREADABLE, 2])
def test_a_code_that_a_restart_does_not_help_is_given_up_at_once(ends, code):
    assert ends(code, 5) == (code, 1)


def test_while_kafka_is_away_no_agent_is_given_up(ends):
    given_up, starts = ends(Exit.KAFKA_GONE, 5 * GIVE_UP_AFTER)
    assert not given_up
    assert starts > GIVE_UP_AFTER


def test_an_agent_that_ran_steadily_begins_its_count_anew(ends, monkeypatch):
    clock = iter(range(0, 10**6, 100))
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    given_up, starts = ends(Exit.UNEXPECTED, 5 * GIVE_UP_AFTER)
    assert not given_up
    assert starts > GIVE_UP_AFTER
