# ruff: noqa: INP001  # a script beside what CI runs, in no package
"""What pip-audit found, from standard input as JSON: 1 if a package has a known hole.

It ends well, too, where it could look nothing up, as without a network; so what was not
looked up is told here, loudly, instead of passing for sound.
"""

import json
import sys

FRAME = "=" * 78


def main() -> int:
    """Tell what was found; return the exit code."""
    try:
        found = json.load(sys.stdin)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return _skipped("nothing could be looked up: is there no network?")
    holes = [
        f"{one['name']} {one['version']}: {hole['id']}, fixed in "
        f"{', '.join(hole['fix_versions']) or 'no version'}"
        for one in found
        for hole in one.get("vulns", ())
    ]
    for hole in holes:
        sys.stdout.write(f"{hole}\n")
    missed = sum("skip_reason" in one for one in found)
    if holes:
        return 1
    if missed or not found:
        return _skipped(f"{missed} of {len(found)} packages could not be looked up")
    sys.stdout.write(f"audit: no known holes in {len(found)} packages\n")
    return 0


def _skipped(why: str) -> int:
    sys.stdout.write(f"{FRAME}\nAUDIT SKIPPED: {why}\n{FRAME}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
