"""An environment for each peer: made by uv, once, by versions and hashes kept here."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
CACHE = Path(__file__).parents[3] / ".cache" / "peers"
OURS = "ours"
_LOCAL_UV = Path(__file__).parents[3] / ".uv" / "bin" / "uv"


def python_of(folder: str) -> Path:
    """Return the Python of a peer; its environment is made first if need be.

    Args:
        folder: The peer's, beside this module; our own runs in ours.
    """
    if folder == OURS:
        return Path(sys.executable)
    locked = HERE / folder / "requirements.txt"
    digest = hashlib.sha256(locked.read_bytes()).hexdigest()[:16]
    environment = CACHE / f"{folder}-{digest}"
    made = environment / ".made"
    python = environment / "bin" / "python"
    if not made.exists():
        uv = shutil.which("uv") or str(_LOCAL_UV)
        sys.stderr.write(f"making the environment of {folder}\n")
        base = f"{sys.version_info.major}.{sys.version_info.minor}"
        for command in (
            (
                *("venv", "--clear", "--quiet", "--no-python-downloads"),
                *("--python", base, str(environment)),
            ),
            (
                *("pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode"),
                *("--python", str(python), str(locked)),
            ),
        ):
            subprocess.run([uv, *command], check=True)
        made.touch()
    return python
