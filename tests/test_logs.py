import io
import json
import logging
import warnings
from dataclasses import dataclass

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from schemas.segment import CaptionSegment, Word
from workers.logs import configure_logging, escape

ANY_TEXT = st.text(st.characters(), max_size=20) | st.text(
    st.sampled_from("\n\r\x1b[31m\x85\u2028\ud800 {}%s"), max_size=10
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT, inner),
    max_leaves=8,
)
SPOKEN = "we are closing the plant"
SEGMENT = CaptionSegment(
    stream_id="call-1", text=SPOKEN, is_final=True, words=(Word(text="we"),)
)


@dataclass
class Record:
    value: str = SPOKEN


class Unshown:
    def __str__(self):
        raise RuntimeError("no")


@pytest.fixture(autouse=True)
def _logging_is_left_as_it_was():
    handlers, level = logging.root.handlers, logging.root.level
    foreign = [logging.getLogger(name) for name in ("faust", "aiokafka", "mode")]
    levels = [logger.level for logger in foreign]
    yield
    logging.root.handlers = handlers
    logging.root.setLevel(level)
    logging.captureWarnings(capture=False)
    for logger, before in zip(foreign, levels, strict=True):
        logger.setLevel(before)
    structlog.reset_defaults()


def logged(write, **settings):
    """Return what *write* puts on the stream."""
    stream = io.StringIO()
    configure_logging(stream=stream, **settings)
    write(structlog.stdlib.get_logger("workers.test"))
    return stream.getvalue()


@given(ANY_TEXT, ANY_TEXT, VALUES, st.sampled_from(["json", "text"]))
def test_whatever_is_in_the_values_an_event_is_one_line(event, name, value, form):
    values = {f"k{name}": value, "stream_id": name}
    shown = logged(
        lambda log: log.info(event.replace("%", ""), **values),
        log_format=form,
        log_text=True,
    )
    assert shown.endswith("\n")
    assert len(shown.splitlines()) == 1
    if form == "json":
        assert shown.isascii()
        found = json.loads(shown, parse_constant=pytest.fail)
        assert found["stream_id"] == name


@given(ANY_TEXT, st.sampled_from(["json", "text"]))
def test_the_logs_of_libraries_are_one_line_too(message, form):
    shown = logged(
        lambda _: logging.getLogger("faust.app").warning("got %s", message),
        log_format=form,
    )
    assert len(shown.splitlines()) == 1


def test_an_event_has_time_level_logger_and_name_which_values_cannot_forge():
    shown = logged(
        lambda log: log.warning(
            "turn_done", records=3, level="debug", logger="faust", time="never"
        ),
        log_format="json",
    )
    found = json.loads(shown)
    assert list(found) == ["time", "level", "logger", "event", "records"]
    assert (found["level"], found["logger"]) == ("warning", "workers.test")
    assert found["time"].endswith("Z")


def test_a_library_and_our_code_look_the_same():
    shown = logged(
        lambda log: [log.info("a", n=1), logging.getLogger("mode.x").warning("b")],
        log_format="json",
    )
    ours, theirs = map(json.loads, shown.splitlines())
    assert ours.keys() - {"n"} == theirs.keys()


def test_of_libraries_works_only_warnings_are_told_unless_all_is_to_be():
    def write(log):
        log.info("ready")
        for name in ("faust.app", "aiokafka.consumer", "uvicorn.error"):
            logging.getLogger(name).info("(Re-)joining group")
        # A service of ours logs by its own name, in Faust's manner.
        logging.getLogger("workers.delivery.app").info("[^-TurnApp]: Starting...")
        logging.getLogger("workers.delivery.app").warning("[^-TurnApp]: slow")

    told = map(json.loads, logged(write).splitlines())
    assert [one["event"] for one in told] == ["ready", "[^-TurnApp]: slow"]
    assert len(logged(write, level="debug").splitlines()) == 6


def test_each_line_of_an_agents_process_says_whose_it_is():
    def write(log):
        log.info("a", agent="another")
        logging.getLogger("faust").warning("b")

    told = map(json.loads, logged(write, agent="merge").splitlines())
    assert [one["agent"] for one in told] == ["another", "merge"]


def test_what_was_said_is_not_logged_unless_allowed():
    def write(log):
        log.info("a", text=SPOKEN, lines=[SPOKEN], segment=SEGMENT)
        log.info("b", raw=SPOKEN.encode(), record=Record(), nested={"x": [SEGMENT]})
        log.info(SEGMENT)

    for form in ("json", "text"):
        hidden = logged(write, log_format=form)
        assert SPOKEN not in hidden
        assert "call-1" in hidden
        assert SPOKEN in logged(write, log_format=form, log_text=True)


def test_passwords_are_masked_even_where_speech_is_logged():
    shown = logged(lambda log: log.info("a", p=SecretStr("hunter2")), log_text=True)
    assert "hunter2" not in shown


def test_libraries_say_nothing_below_info_unless_speech_may_be_logged():
    def write(log):
        log.debug("ours")
        logging.getLogger("aiokafka.producer").debug("batch %r", SPOKEN)

    assert len(logged(write, level="debug").splitlines()) == 1
    assert len(logged(write, level="debug", log_text=True).splitlines()) == 2


def test_less_than_the_level_is_not_logged():
    shown = logged(
        lambda log: [log.info("a"), logging.getLogger("faust").info("b")],
        level="warning",
    )
    assert shown == ""


def raise_forged():
    raise ValueError("bad\n2026-11-24T10:00:00Z [info] forged")


def fails(log):
    try:
        raise_forged()
    except ValueError:
        log.exception("step_failed", partition=3)


def test_an_exception_is_one_json_line_with_its_trace():
    found = json.loads(logged(fails, log_format="json"))
    assert (found["event"], found["partition"]) == ("step_failed", 3)
    assert found["exception"].startswith("Traceback")
    assert "ValueError: bad" in found["exception"]


def test_on_a_terminal_each_line_of_a_trace_is_marked_as_one():
    first, *trace = logged(fails, log_format="text").splitlines()
    assert "step_failed" in first
    assert len(trace) > 3
    assert all(line.startswith("  | ") for line in trace)


def test_a_log_call_that_is_wrong_itself_is_a_line_and_no_noise(capsys):
    shown = logged(
        lambda _: logging.getLogger("faust").error("%d records", SPOKEN),
        log_format="json",
    )
    assert json.loads(shown)["event"] == "log_line_failed"
    assert SPOKEN not in shown
    assert capsys.readouterr() == ("", "")


def test_a_value_that_cannot_be_shown_does_not_lose_its_event():
    deep = []
    deep.append(deep)
    shown = logged(
        lambda log: log.info("a", x=Unshown(), y=deep, z=float("nan")),
        log_format="json",
        log_text=True,
    )
    found = json.loads(shown)
    assert found["x"] == "(Unshown: RuntimeError while it was shown)"
    assert found["z"] == "nan"


def test_warnings_of_python_are_logged(recwarn):
    def write(_):
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            # captureWarnings replaces this function, so ours must be the outer one.
            logging.captureWarnings(capture=False)
            logging.captureWarnings(capture=True)
            warnings.warn("old\nthing", DeprecationWarning, stacklevel=1)

    shown = logged(write, log_format="json")
    assert json.loads(shown)["logger"] == "py.warnings"
    assert not recwarn.list


def test_auto_is_json_where_nobody_watches():
    assert logged(lambda log: log.info("a")).startswith("{")


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("no_color", "coloured"), [(None, True), ("1", False)])
def test_auto_is_text_on_a_terminal_in_colour_unless_unwanted(
    no_color, coloured, monkeypatch
):
    monkeypatch.delenv("NO_COLOR", raising=False)
    if no_color:
        monkeypatch.setenv("NO_COLOR", no_color)
    terminal = Terminal()
    configure_logging(stream=terminal)
    structlog.stdlib.get_logger("x").info("hello", who="a\x1b[31mb")
    assert ("\x1b[" in terminal.getvalue()) is coloured
    assert "\\x1b[31mb" in terminal.getvalue()


@given(ANY_TEXT)
def test_escaped_text_steers_nothing_and_plain_text_stays(text):
    assert escape(text).isprintable()
    assert escape("Grüße, 東京") == "Grüße, 東京"
