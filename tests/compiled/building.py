"""The worker with its rules compiled, as the image has it, in a folder of its own."""

import ast
import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
TREE = ROOT / ".compiled"
"""What it is unpacked to; ``PYTHONPATH`` makes any command use it."""
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "schemas", "workers")


def build(to: Path) -> None:
    """Make the wheel that the image has, and unpack it.

    Args:
        to: A folder, which is made anew.

    Raises:
        subprocess.CalledProcessError: It does not compile; what was said is shown.
    """
    with TemporaryDirectory() as made:
        source, wheels = Path(made) / "source", Path(made) / "wheels"
        source.mkdir()
        for name in SOURCES:
            if (ROOT / name).is_dir():
                unwanted = shutil.ignore_patterns("__pycache__", "*.so")
                shutil.copytree(ROOT / name, source / name, ignore=unwanted)
            else:
                shutil.copy(ROOT / name, source / name)
        subprocess.run(
            [
                *(_uv(), "build", "--wheel", "--python", sys.executable),
                "--out-dir",
                wheels,
                source,
            ],
            check=True,
            env={**os.environ, "HATCH_BUILD_HOOK_ENABLE_MYPYC": "true"},
        )
        (wheel,) = wheels.glob("*.whl")
        shutil.rmtree(to, ignore_errors=True)
        zipfile.ZipFile(wheel).extractall(to)


def missing() -> str | None:
    """Tell what this machine lacks for it."""
    if shutil.which("cc") is None and shutil.which("gcc") is None:
        return "no C compiler"
    if not (Path(sysconfig.get_paths()["include"]) / "Python.h").exists():
        return "no headers of this Python"
    return None


def left_out() -> set[str]:
    """Return the modules that `pyproject.toml` says are not to be compiled."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wheel = settings["tool"]["hatch"]["build"]["targets"]["wheel"]
    return {name for name in wheel["hooks"]["mypyc"]["exclude"] if "/" in name}


def with_structs() -> set[str]:
    """Return the modules of `core` that define a Struct."""
    return {
        f"/{path.relative_to(ROOT)}"
        for path in sorted((ROOT / "workers" / "core").rglob("*.py"))
        if any(
            isinstance(node, ast.ClassDef)
            and any("Struct" in ast.unparse(base) for base in node.bases)
            for node in ast.parse(path.read_text()).body
        )
    }


def not_final() -> list[str]:
    """Return the constants of compiled rules that are looked up at each use."""
    return [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted((ROOT / "workers" / "core").rglob("*.py"))
        if f"/{path.relative_to(ROOT)}" not in left_out()
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.Assign)
        for name in map(ast.unparse, node.targets)
        if name.isupper()
    ]


def _uv() -> str:
    return shutil.which("uv") or str(ROOT / ".uv" / "bin" / "uv")


if __name__ == "__main__":
    if (lack := missing()) is not None:
        sys.exit(f"the rules cannot be compiled here: {lack}")
    build(TREE)
    use = "PYTHONPATH=$PWD/.compiled PYTHONSAFEPATH=1 caption-worker --version"
    sys.stdout.write(f"it is in .compiled: {use}\n")
