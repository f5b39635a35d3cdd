"""TTML: what pysubs2 reads back, who speaks, and where lines stand."""

from xml.etree import ElementTree as ET

import pysubs2
from hypothesis import given
from hypothesis import strategies as st

from tests.exports.test_exported_subtitles import HOSTILE, LINE, cue, timed_cues
from tests.exports.test_exported_vtt import TALK, WALL
from workers.core.cues import PROFILES, WEB
from workers.exports.one_line import one_line
from workers.exports.subtitles import vtt
from workers.exports.ttml import ttml

TT = "{http://www.w3.org/ns/ttml}"
TTM = "{http://www.w3.org/ns/ttml#metadata}"
TTS = "{http://www.w3.org/ns/ttml#styling}"
XML = "{http://www.w3.org/XML/1998/namespace}"


def opened(text):
    assert text.startswith("<?xml")
    return pysubs2.SSAFile.from_string(text, "ttml")


def root(text):
    return ET.fromstring(text.encode())


@given(timed_cues(st.lists(LINE | HOSTILE, max_size=3)))
def test_whatever_is_said_the_file_is_xml_and_has_the_times_of_the_vtt(cues):
    text = ttml(cues)
    spans = [(one.start, one.end) for one in opened(text)]
    known = pysubs2.SSAFile.from_string(vtt(cues), "vtt")
    assert spans == [(one.start, one.end) for one in known]
    found = root(text)
    said = " ".join(" ".join(one.itertext()) for one in found.iter(f"{TT}p")).split()
    lines = [line for one in cues for line in map(one_line, one.lines) if line]
    assert sorted(said) == sorted(" ".join(lines).split())


def test_words_come_back_from_pysubs2_line_by_line():
    found = [one.plaintext for one in opened(ttml(TALK))]
    assert found == [
        "Where is\nthe key?",
        "Here.",
        "I have it.",
        "Good.\nIs it?",
        "It is.",
        "Yes.",
    ]
    assert opened(ttml(TALK, WALL))[1].plaintext == "- Here."


def test_every_name_that_is_used_is_declared_once():
    for profile in (None, WEB, WALL, PROFILES["bbc"]):
        found = root(ttml(TALK, profile))
        ids = [one.get(f"{XML}id") for one in found.iter() if one.get(f"{XML}id")]
        assert len(ids) == len(set(ids))
        used = {
            one.get(name)
            for one in found.iter()
            for name in ("region", "style", f"{TTM}agent")
            if one.get(name)
        }
        assert used == set(ids)
        assert all(one.get("region") for one in found.iter(f"{TT}p"))


def test_agents_say_who_speaks():
    found = root(ttml(TALK))
    names = {
        one.get(f"{XML}id"): one.find(f"{TTM}name").text
        for one in found.iter(f"{TTM}agent")
    }
    first, *_, both, nobody, last = found.iter(f"{TT}p")
    assert names[first.get(f"{TTM}agent")] == "Ann"
    spans = [names[one.get(f"{TTM}agent")] for one in both.iter(f"{TT}span")]
    assert spans == ["Ann", "Bo"]
    assert nobody.get(f"{TTM}agent") is None
    assert names[last.get(f"{TTM}agent")] == "Bo"


def test_the_region_is_where_the_profile_has_its_cues():
    for profile, align, text_align in (
        (WEB, "after", "center"),
        (PROFILES["bbc"], "after", "start"),
        (WALL, "before", "center"),
    ):
        (region,) = root(ttml(TALK, profile)).iter(f"{TT}region")
        assert region.get(f"{TTS}displayAlign") == align
        assert region.get(f"{TTS}textAlign") == text_align


def test_one_language_is_told_for_all_and_several_for_each():
    one = root(ttml([cue(1, language="de"), cue(2, 2, 3, language="de")]))
    assert one.get(f"{XML}lang") == "de"
    two = root(ttml([cue(1, language="de"), cue(2, 2, 3, language="fr")]))
    assert two.get(f"{XML}lang") == ""
    assert [p.get(f"{XML}lang") for p in two.iter(f"{TT}p")] == ["de", "fr"]


def test_no_cues_are_an_empty_file_of_the_format():
    assert len(opened(ttml([]))) == 0
