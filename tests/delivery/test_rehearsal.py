"""A child process goes first: it may die of anything, and we know of what."""

import asyncio
import mmap
import os
import signal
import socket
import time
from pathlib import Path

import pytest

from workers.delivery.rehearsal import Rehearsed, Telling, rehearse

CPU_S, WALL_S = 1.0, 60.0


def children():
    """Return the processes that we have begun, dead ones too; Kafka is among them."""
    tasks = Path("/proc/self/task").glob("*/children")
    return {child for task in tasks for child in task.read_text().split()}


async def test_a_child_that_lives_says_so_and_leaves_nothing_behind():
    done, others = [], children()
    assert await rehearse(lambda _: done.append(1), CPU_S, WALL_S) == Rehearsed(
        lived=True
    )
    assert done == []
    assert children() == others


def eat(_: object) -> None:
    eaten = []
    while True:
        eaten.append(bytearray(10_000_000))


def spin(_: object) -> None:
    while True:
        pass


@pytest.mark.parametrize(
    "deadly",
    [
        lambda _: os.kill(os.getpid(), signal.SIGSEGV),
        lambda _: os.abort(),
        lambda _: os._exit(3),
        eat,
        spin,
    ],
    ids=["a crash", "aborted", "left", "memory gone", "without end"],
)
async def test_what_a_child_dies_of_is_known(deadly):
    def step(tell):
        for item in Telling("abc", tell):
            if item == "b":
                deadly(item)

    assert await rehearse(step, CPU_S, WALL_S) == Rehearsed(died_at=1)


async def test_a_child_that_is_killed_from_outside_accuses_nobody():
    def step(tell):
        for _ in Telling("abc", tell):
            os.kill(os.getpid(), signal.SIGKILL)

    assert await rehearse(step, CPU_S, WALL_S) == Rehearsed()


async def test_a_child_may_ask_for_more_memory_than_it_uses():
    def step(_):
        mmap.mmap(-1, 2**32)

    assert await rehearse(step, CPU_S, WALL_S) == Rehearsed(lived=True)


async def test_after_the_last_item_a_child_is_past_all_of_them():
    def step(tell):
        list(Telling("abc", tell))
        os.abort()

    assert await rehearse(step, CPU_S, WALL_S) == Rehearsed(died_at=3)


async def test_of_a_child_that_raises_nothing_is_known():
    def step(_):
        raise ValueError("a bug, which ends us by its own name")

    assert await rehearse(step, CPU_S, WALL_S) == Rehearsed()


async def test_a_child_that_waits_for_ever_is_given_up_and_accuses_nobody():
    assert await rehearse(lambda _: time.sleep(600), CPU_S, 0.3) == Rehearsed()


async def test_a_child_is_ended_when_nobody_waits_for_it_any_more():
    others = children()
    waiting = asyncio.create_task(rehearse(lambda _: time.sleep(600), CPU_S, 600))
    await asyncio.sleep(0.2)
    assert len(children()) == len(others) + 1
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert children() == others


async def test_a_child_holds_no_connection_of_ours_and_heeds_no_sigterm():
    one, other = socket.socketpair()

    def step(_):
        os.kill(os.getpid(), signal.SIGTERM)
        for each in (one, other):
            try:
                os.fstat(each.fileno())
            except OSError:
                continue
            os.abort()

    assert await rehearse(step, CPU_S, WALL_S) == Rehearsed(lived=True)
    one.send(b"still here")
    assert other.recv(10) == b"still here"
    one.close()
    other.close()


async def test_where_there_can_be_no_child_nothing_is_known(monkeypatch):
    def none() -> int:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(os, "fork", none)
    assert await rehearse(lambda _: None, CPU_S, WALL_S) == Rehearsed()
