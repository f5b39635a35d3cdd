"""Write the recordings anew from their talks: ``python -m workers.recordings``.

Run it in the root of the repository after a change to a talk or to the recogniser;
it also writes the recordings that only the tests use.
"""

import sys
from pathlib import Path

from workers.recordings.files import TALK_SUFFIX, record, recording_of

FOLDERS = (Path(__file__).parent, Path("tests/data/recordings"))


def main() -> None:
    """Write each talk's recording beside it, and say so."""
    for folder in FOLDERS:
        for talk_path in sorted(folder.glob(f"*{TALK_SUFFIX}")):
            path = recording_of(talk_path)
            lines = record(talk_path)
            path.write_bytes(lines)
            sys.stdout.write(f"{path}: {len(lines.splitlines())} segments\n")


if __name__ == "__main__":
    main()
