"""WebVTT as its standard lets authors write it, strictly; players forgive far more.

Source: WebVTT: The Web Video Text Tracks Format, W3C, section "Syntax".
"""

import re

_TIME = r"(?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}"
_TIMINGS = re.compile(rf"({_TIME})[ \t]+-->[ \t]+({_TIME})((?:[ \t]+\S+)*)")
_PERCENT = r"(?:100(?:\.0+)?|\d{1,2}(?:\.\d+)?)%"
_SETTINGS = {
    "vertical": re.compile(r"rl|lr"),
    "line": re.compile(rf"(?:-?\d+|{_PERCENT})(?:,(?:start|center|end))?"),
    "position": re.compile(rf"{_PERCENT}(?:,(?:line-left|center|line-right))?"),
    "size": re.compile(_PERCENT),
    "align": re.compile(r"start|center|end|left|right"),
    "region": re.compile(r"\S+"),
}
_VOICE = re.compile(r"v(?:\.[^\s.<>&]+)*[ \t]+(\S[^\n\r>]*)")
_TAG = re.compile(r"<([^>]*)>")
_ESCAPES = re.compile(r"&(?:amp|lt|gt|nbsp|lrm|rlm|#\d+|#x[0-9a-fA-F]+);")


def cues(text):
    """Return ``(start_ms, end_ms, settings, [(voice, text)])`` of each cue.

    Raises:
        AssertionError: The file is not what the standard lets authors write.
    """
    assert "\x00" not in text
    lines = text.split("\n")
    assert re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0])
    assert lines[1:2] in ([""], []), "an empty line after the header"
    found, previous_ms = [], 0
    for block in re.split(r"\n\n+", "\n".join(lines[2:]).strip("\n")):
        if not block:
            continue
        rows = block.split("\n")
        if "-->" not in rows[0]:
            rows.pop(0)
        match = _TIMINGS.fullmatch(rows[0])
        assert match, rows[0]
        start_ms, end_ms = _ms(match[1]), _ms(match[2])
        assert previous_ms <= start_ms < end_ms
        previous_ms = start_ms
        payload = "\n".join(rows[1:])
        assert "-->" not in payload
        found.append((start_ms, end_ms, _settings(match[3]), _voices(payload)))
    return found


def _ms(time):
    *hours, minutes, seconds = time.split(":")
    whole = int(hours[0]) * 60 if hours else 0
    return round(((whole + int(minutes)) * 60 + float(seconds)) * 1000)


def _settings(text):
    settings = dict(part.split(":", 1) for part in text.split())
    assert len(settings) == len(text.split()), "each setting once"
    for name, value in settings.items():
        assert _SETTINGS[name].fullmatch(value), (name, value)
    return settings


def _voices(payload):
    """Return the text by voice; only voice spans, each closed, none inside another."""
    found, voice, place = [], None, 0
    for tag in _TAG.finditer(payload):
        _add(found, voice, payload[place : tag.start()])
        place = tag.end()
        if tag[1] == "/v":
            assert voice is not None, "a voice that was not begun is closed"
            voice = None
            continue
        begun = _VOICE.fullmatch(tag[1])
        assert begun, tag[0]
        assert voice is None, "a voice begins in another one"
        voice = _plain(begun[1])
    assert voice is None, "a voice is not closed"
    _add(found, None, payload[place:])
    return found


def _add(found, voice, text):
    if text.strip("\n"):
        found.append((voice, _plain(text).strip("\n")))


def _plain(text):
    rest = _ESCAPES.sub("", text)
    assert not set(rest) & set("&<>"), text
    for name, sign in (("lt", "<"), ("gt", ">"), ("amp", "&")):
        text = text.replace(f"&{name};", sign)
    return text
