"""Whether the rules of this installation are compiled, as those of the image are."""

from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import find_spec


def rules_are_compiled() -> bool:
    """Tell whether mypyc has made machine code of the rules."""
    spec = find_spec("workers.core.merging.take")
    return spec is not None and str(spec.origin).endswith(tuple(EXTENSION_SUFFIXES))
