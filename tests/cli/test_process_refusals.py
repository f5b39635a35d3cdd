"""``process``: what is refused before any rule is asked."""

import sys

import pytest

from workers.cli.main import main

SRT = "1\n00:00:01,000 --> 00:00:02,000\nGood morning.\n"


@pytest.fixture
def process(monkeypatch, capsys):
    def run(*arguments):
        monkeypatch.setattr(
            sys, "argv", ["caption-worker", "process", *map(str, arguments)]
        )
        with pytest.raises(SystemExit) as end:
            main()
        return end.value.code, capsys.readouterr().err

    return run


@pytest.fixture
def talk(tmp_path):
    file = tmp_path / "talk.srt"
    file.write_text(SRT)
    return file


def test_the_recording_itself_is_never_written_over(process, talk, tmp_path):
    other = tmp_path / "same.srt"
    other.symlink_to(talk)
    for out in (talk, other):
        code, said = process(talk, "--to", "srt", "-o", out)
        assert code == 2
        assert "is the recording itself" in said
    assert talk.read_text() == SRT


@pytest.mark.parametrize("name", ["", "x" * 257, "é" * 129])
def test_a_stream_id_that_cannot_be_is_blamed_on_the_option(process, talk, name):
    assert process(talk, "--stream-id", name) == (
        2,
        "caption-worker: --stream-id: has to have 1 to 256 bytes\n",
    )
