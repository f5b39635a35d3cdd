"""What is installed is known by its hash; what was not looked up is told."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOUND = {"name": "a", "version": "1", "vulns": []}
HOLED = {
    "name": "b",
    "version": "1",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["2"]}],
}
UNSEEN = {"name": "c", "skip_reason": "Dependency not found"}


def audited(text):
    return subprocess.run(
        [sys.executable, ".ci/audit.py"],
        cwd=ROOT,
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("found", "code", "words"),
    [
        ([SOUND], 0, "no known holes in 1 packages"),
        ([SOUND, HOLED], 1, "b 1: PYSEC-2026-1, fixed in 2"),
        ([SOUND, UNSEEN], 0, "AUDIT SKIPPED: 1 of 2"),
        ([UNSEEN, HOLED], 1, "PYSEC-2026-1"),
        ([], 0, "AUDIT SKIPPED"),
    ],
)
def test_a_known_hole_fails_and_what_was_not_looked_up_is_told(found, code, words):
    done = audited(json.dumps({"dependencies": found}))
    assert done.returncode == code
    assert words in done.stdout


def test_no_answer_at_all_passes_for_nothing():
    assert "AUDIT SKIPPED: nothing could be looked up" in audited("").stdout


def test_every_file_that_may_be_installed_has_its_hash_in_the_lock():
    locked = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    files = [
        one
        for package in locked
        for one in (*package.get("wheels", ()), package.get("sdist"))
        if one is not None
    ]
    assert len(files) > 100
    assert all(one["hash"].startswith("sha256:") for one in files)
