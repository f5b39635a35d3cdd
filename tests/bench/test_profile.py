import sys
from pathlib import Path

import pytest

from workers.bench.load import segments
from workers.bench.profile import COLUMNS, SUBJECTS, profile_table, steps_by_subject
from workers.core.lives import CaptionRules

PAGE = Path(__file__).parents[2] / "ARCHITECTURE.md"
PYTHON = (3, 11)
"""By which the table was made; others have other steps."""
DRIFT = 1.1


def told():
    text = PAGE.read_text()
    table = text[text.index("<!-- profile -->") : text.index("<!-- /profile -->")]
    return [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in table.splitlines()[1:]
    ]


def test_each_subject_has_work_and_all_of_it_is_shared_out():
    made = profile_table([*segments(300, 1)], CaptionRules(), rounds=3)
    rows = {row[0]: row[1:] for row in made.rows}
    assert [*rows] == [*SUBJECTS, "all"]
    assert all(rows[subject][0] > 0 for subject in SUBJECTS)
    assert abs(rows["all"][2] - 100) <= len(SUBJECTS) / 2


def test_steps_are_the_same_every_time():
    def work():
        return [sum(range(number)) for number in range(50)]

    assert steps_by_subject(work) == steps_by_subject(work)


def test_the_table_of_the_page_has_each_subject():
    head, _, *rows = told()
    assert head == list(COLUMNS)
    assert [row[0] for row in rows] == [*SUBJECTS, "all"]


@pytest.mark.skipif(sys.version_info[:2] != PYTHON, reason="steps of another Python")
def test_the_steps_of_the_page_are_those_of_this_code():
    made = profile_table([*segments(1_000, 1)], CaptionRules(), rounds=1)
    now, then = float(made.rows[-1][1]), float(told()[-1][1])
    assert then / DRIFT < now < then * DRIFT
