"""Makes a set of the French meetings that the PyPI package ``public-meetings`` holds.

``python -m workers.bench.topics.french_meetings FOLDER > french.jsonl``, FOLDER being
where its wheel was unpacked (``pip download public-meetings``, ``unzip``). The meetings
(Paul Tardy, MIT) are what a recogniser heard, aligned by hand with minutes in which
headings stand. A topic begins with the first words aligned to a part of the minutes
with a heading, if five sentences were said since the last. Used to measure only.
"""

import io
import json
import pickle
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_HEADING = re.compile(r"<h>(.*?)</h>")
_APART = 5
_WORDS = 40
"""Of one utterance, where the recogniser set no full stop."""
_LEAST_CHANGES = 2


class _Plain(pickle.Unpickler):  # nothing but plain values passes
    """Reads values of Python's own, and refuses whatever could run."""

    def find_class(self, module: str, name: str) -> Any:
        """Refuse every class and function.

        Raises:
            UnpicklingError: Always.
        """
        raise pickle.UnpicklingError(f"{module}.{name} is no plain value")


def meeting(path: Path) -> dict[str, Any] | None:
    """Return one meeting as a talk, None if it has too few topics.

    Raises:
        UnpicklingError: The file holds more than plain values.
        KeyError: It is no meeting.
    """
    final = _Plain(io.BytesIO(path.read_bytes())).load()["final"]
    headings = {
        part["id"]: [one.strip() for one in _HEADING.findall(part["text"])]
        for part in final["doc"]
    }
    utterances: list[dict[str, str]] = []
    boundaries: list[int] = []
    titles: list[str | None] = [None]
    begun: set[str] = set()
    for heard in final["ctm"]:
        aligned, here = heard["aligned"], len(utterances)
        if headings.get(aligned) and aligned not in begun:
            if here - (boundaries[-1] if boundaries else 0) >= _APART:
                boundaries.append(here)
                titles.append(headings[aligned][-1])
            elif here == 0:
                titles[0] = headings[aligned][-1]
        begun.add(aligned)
        utterances += ({"text": text} for text in _sentences(heard["text"]))
    if boundaries and boundaries[-1] == len(utterances):
        boundaries.pop()
        titles.pop()
    if len(boundaries) < _LEAST_CHANGES:
        return None
    return {
        "id": path.stem,
        "source": "french",
        "language": "fr",
        "utterances": utterances,
        "boundaries": boundaries,
        "titles": titles,
    }


def _sentences(text: str) -> Iterator[str]:
    text = text.replace("<unk>", "").replace("' ", "'")
    for sentence in re.split(r"(?<=[.?!]) ", text):
        words = re.sub(r" ([.,])", r"\1", " ".join(sentence.split())).split()
        for start in range(0, len(words), _WORDS):
            part = " ".join(words[start : start + _WORDS])
            if re.search(r"\w", part):
                yield part


def main(folder: str) -> None:
    """Write a line a meeting."""
    for path in sorted(Path(folder).rglob("*.aligned.pckl")):
        talk = meeting(path)
        if talk is not None:
            sys.stdout.write(f"{json.dumps(talk, ensure_ascii=False)}\n")


if __name__ == "__main__":
    main(sys.argv[1])
