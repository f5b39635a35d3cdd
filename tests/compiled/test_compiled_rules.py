"""The rules as the image has them, compiled: they decide the same, to the byte."""

import os
import subprocess
import sys

import msgspec
import pytest

from tests.compiled.building import (
    ROOT,
    build,
    left_out,
    missing,
    not_final,
    with_structs,
)
from tests.compiled.deciding import compiled_modules, decisions

pytestmark = pytest.mark.timeout(900)  # to compile takes a minute, or some


def test_what_defines_structs_is_not_compiled_and_nothing_else_is_left_out():
    assert left_out() == with_structs()


def test_constants_of_compiled_rules_are_final():
    assert not_final() == []


@pytest.mark.skipif(missing() is not None, reason=f"{missing()}: nothing to compile by")
def test_compiled_rules_decide_the_same(tmp_path):
    build(tmp_path / "compiled")
    told = subprocess.run(
        [sys.executable, "-P", "-m", "tests.compiled.deciding"],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": f"{tmp_path / 'compiled'}:{ROOT}"},
        cwd=tmp_path,
    )
    modules, decided = msgspec.json.decode(told.stdout)
    assert "workers.core.merging.take" in modules
    assert "workers.core.topics.step" in modules
    assert "workers.delivery.decide" in modules
    assert not compiled_modules()
    ours = decisions()
    assert [case for case in ours if decided[case] != ours[case]] == []
