import pytest

from workers.adapters.recording import RecordingError, open_recording

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<tt xmlns="http://www.w3.org/ns/ttml">'
TEXT = f"""{HEAD}
  <body begin="10s"><div>
    <p begin="00:00:01.500" end="00:00:03">The kiln is<br/>still <span>hot</span>.</p>
    <p begin="4s" end="5500ms">Wait &amp; see.</p>
    <p begin="6s" end="7s"> </p>
  </div></body>
</tt>
"""


def opened(folder, text, name="film.xml"):
    path = folder / name
    path.write_text(text)
    return open_recording(path)


def test_each_paragraph_is_one_final_with_its_times(tmp_path):
    found = opened(tmp_path, TEXT)
    assert found.format == "ttml"
    spoken = [
        (one.segment.text, one.segment.start_s, one.segment.end_s, one.at_s)
        for one in found.segments[:-1]
    ]
    assert spoken == [
        ("The kiln is still hot.", 11.5, 13.0, 13.0),
        ("Wait & see.", 14.0, 15.5, 15.5),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"{HEAD}<body><div><p begin='1s'", "not XML"),
        (f"{HEAD}<body><div><p begin='1s'>a</p></div></body></tt>", "no 'end'"),
        (
            f"{HEAD}<body><div><p begin='1f' end='2f'>a</p></div></body></tt>",
            "not TTML",
        ),
        (f"{HEAD}<body timeContainer='seq'></body></tt>", "not TTML that can be read"),
        (f"{HEAD}</tt>", "nobody speaks"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(text, why, tmp_path):
    with pytest.raises(RecordingError, match=why) as caught:
        opened(tmp_path, text)
    assert len(str(caught.value).splitlines()) == 1


def test_entities_that_grow_without_end_are_refused(tmp_path):
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = (
        f'<!DOCTYPE tt [<!ENTITY l0 "ha">{laughs}]>'
        '<tt xmlns="http://www.w3.org/ns/ttml"><body><div>'
        '<p begin="1s" end="2s">&l11;</p></div></body></tt>'
    )
    with pytest.raises(RecordingError, match="not XML"):
        opened(tmp_path, bomb)
