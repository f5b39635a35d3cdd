"""The page on peers tells what its journal tells."""

from tests.bench.peers.report import PAGE, with_report


def test_the_table_is_what_the_journal_says():
    text = PAGE.read_text()
    assert with_report(text) == text, "run `make docs`"
