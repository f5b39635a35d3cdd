"""Programs that tests use and Debian has; in CI they have to be there."""

import os
import shutil
import subprocess
from pathlib import Path

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


NPM = Path(__file__).parent / "contract" / "npm"


def node(script: str, *arguments: str, said: bytes = b"", code: int = 0) -> bytes:
    """Run a script of tests/contract/npm that ends with *code*; return what it prints.

    Skips the test where its packages are not installed, but fails in CI.
    """
    program = tool("node")
    if not (NPM / "node_modules" / ".package-lock.json").exists():
        wanted = "the packages of tests/contract/npm are missing: `make setup` with npm"
        if os.environ.get("CI"):
            pytest.fail(wanted)
        pytest.skip(wanted)
    done = subprocess.run(
        [program, str(NPM / script), *arguments],
        cwd=NPM,
        input=said,
        capture_output=True,
        check=False,
    )
    assert done.returncode == code, (done.stdout + done.stderr).decode()
    return done.stdout
