"""The command line itself: its mistakes, its help, and where its output goes."""

import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from workers import __main__ as program
from workers.broker.ports import free_ports
from workers.cli.main import PANELS, app, main
from workers.cli.output import _Notes, progress

COMMANDS = [
    *(command.callback.__name__ for command in app.registered_commands),
    "bench run",
]
MISTAKES = {
    "process talk.srt --to pictures": "--to: 'pictures' is not one of",
    "run --agent foo": "--agent: 'foo' is not one of",
    "demo --speed abc": "--speed: should be a valid number",
    "broker --port 70000": "--port: should be less than or equal to 65535",
    "demo --nope": "no such option: --nope",
    "demo --speed": "option '--speed' requires an argument",
    "process": "missing argument 'FILE'; see `caption-worker process --help`",
    "process one two": "unexpected extra argument",
    "nope": "no such command 'nope'; see `caption-worker --help`",
    "bench nope": "see `caption-worker bench --help`",
}


def run(arguments, *, stdout=subprocess.PIPE, **variables):
    return subprocess.run(
        [sys.executable, "-m", "workers", *arguments.split()],
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=False,
        text=True,
        timeout=120,
        env={**os.environ, "COLUMNS": "80", **variables},
    )


@pytest.fixture
def nobody():
    """A pipe whose reader has gone."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


@pytest.fixture
def talk(tmp_path):
    file = tmp_path / "talk.srt"
    file.write_text("1\n00:00:01,000 --> 00:00:02,000\nGood morning.\n")
    return file


@pytest.fixture
def told(monkeypatch, capsys):
    """Run a command in this process; return exit code, output and notes."""
    monkeypatch.setenv("COLUMNS", "80")

    def run_here(arguments):
        monkeypatch.setattr(sys, "argv", ["caption-worker", *arguments.split()])
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capsys.readouterr()
        return end.value.code or 0, out, err

    return run_here


@pytest.mark.parametrize("arguments", MISTAKES)
def test_a_mistake_on_the_command_line_is_told_in_one_line(arguments, told):
    code, out, err = told(arguments)
    assert (code, out) == (2, "")
    [line] = err.splitlines()
    assert line.startswith("caption-worker: ")
    assert MISTAKES[arguments] in line


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_breaks_lines_only_where_they_are_full(command, told):
    code, out, err = told(f"{command} --help")
    assert (code, err) == (0, "")
    prose = [line.rstrip() for line in out.splitlines() if line[:1] in {"", " "}]
    for line, after in pairwise(prose):
        if line and after and not after.startswith("  "):
            # Where the first word of the next line would not have fitted.
            assert len(line) + 1 + len(after.split()[0]) > 79, line


@pytest.mark.parametrize("command", COMMANDS)
def test_examples_are_set_off_in_the_help(command, told):
    _, out, _ = told(f"{command} --help")
    lines = [line.rstrip() for line in out.splitlines()]
    assert lines[lines.index(" Examples:") + 1].startswith(
        f"     caption-worker {command}"
    )


def test_without_a_command_help_is_printed(told):
    code, out, err = told("")
    assert (code, err) == (2, "")
    assert "To try it" in out


def test_help_lists_commands_by_what_they_are_for_and_leaves_none_out(told):
    code, out, _ = told("--help")
    assert code == 0
    listed = re.findall(r"^│ (\w+) {2,}\S", out, re.MULTILINE)
    in_order = [name for names in PANELS.values() for name in names]
    assert [name for name in listed if name in in_order] == in_order
    known = {command.callback.__name__ for command in app.registered_commands}
    assert set(in_order) == {*known, "bench"}
    assert [out.index(title) for title in PANELS] == sorted(map(out.index, PANELS))


def test_the_version_is_told(told):
    code, out, _ = told("--version")
    assert code == 0
    assert re.fullmatch(r"caption-worker \d+\.\d+\.\d+\n", out)


def test_completion_answers_the_shell():
    done = run(
        "",
        _CAPTION_WORKER_COMPLETE="complete_bash",
        COMP_WORDS="caption-worker pro",
        COMP_CWORD="1",
    )
    assert (done.returncode, done.stdout.strip()) == (0, "process")


@pytest.mark.parametrize("arguments", ["--help", "schema", "schema Cue"])
def test_a_reader_who_has_gone_is_no_error(arguments, nobody):
    done = run(arguments, stdout=nobody)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_reader_of_a_processed_recording_may_go_too(talk, nobody):
    done = run(f"process {talk}", stdout=nobody)
    assert (done.returncode, done.stderr) == (0, "")


def test_notes_that_nobody_reads_stop_no_work(nobody, monkeypatch):
    with os.fdopen(os.dup(nobody), "w") as gone:
        monkeypatch.setattr(sys, "__stderr__", gone)
        notes = _Notes(file=gone)
        for _ in range(3):
            notes.print("stopping the worker")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("arguments", ["--help", "schema", "schema Cue", "process"])
def test_a_full_disk_is_told_in_one_line(arguments, talk):
    if arguments == "process":
        arguments = f"process {talk}"
    with Path("/dev/full").open("w") as full:
        done = run(arguments, stdout=full)
    assert done.returncode == 2
    assert done.stderr == "caption-worker: cannot write: No space left on device\n"


def test_the_messages_are_listed_a_line_each_however_long(told):
    _, out, _ = told("schema")
    lines = out.splitlines()
    assert len(lines) == len(set(lines)) > 10
    assert all(re.match(r"[A-Z]\w+ +[\w.]+ +[A-Z]", line) for line in lines)
    assert max(map(len, lines)) > 80
    assert "``" not in out


def test_one_message_is_written_to_a_folder_if_it_is_named(told, tmp_path):
    code, out, _ = told(f"schema Cue --out {tmp_path}")
    assert (code, out) == (0, "")
    [file] = tmp_path.iterdir()
    assert file.name == "Cue.json"
    assert '"Cue"' in file.read_text()


def test_where_the_broker_is_stands_in_one_line_however_narrow_a_pipe_seems():
    port = next(free_ports())
    with subprocess.Popen(
        [sys.executable, "-m", "workers", "broker", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as broker:
        hint = next(line for line in broker.stderr if line.startswith("log: "))
        broker.terminate()
    assert f"caption-worker topics --broker 127.0.0.1:{port}" in hint
    assert broker.returncode == 0


def test_ctrl_c_tells_how_far_it_came(capsys):
    def send():
        with progress("segments", 1356, "sent") as bar:
            bar.advance(bar.task_ids[0], 412)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send()
    assert capsys.readouterr().err == "412 of 1,356 segments sent\n"


def test_ctrl_c_while_the_parts_are_imported_leaves_no_traceback(monkeypatch):
    class Interrupted:
        def find_spec(self, name, *_):
            if name == "workers.cli":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "workers.cli")
    monkeypatch.setattr(sys, "meta_path", [Interrupted(), *sys.meta_path])
    with pytest.raises(SystemExit) as end:
        program.main()
    assert end.value.code == 130
