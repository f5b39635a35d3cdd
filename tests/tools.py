"""Programs that tests use and Debian has; in CI they have to be there."""

import os
import shutil

import pytest


def tool(name: str) -> str:
    """Return the path of a program; skips the test without it, but fails in CI."""
    found = shutil.which(name)
    if found is None:
        wanted = f"{name} is not installed; .ci/run says which Debian package has it"
        if os.environ.get("CI"):
            pytest.fail(wanted)
        pytest.skip(wanted)
    return found
