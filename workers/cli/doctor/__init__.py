"""``doctor``: whether the worker would run here, and what to do where it would not."""

from workers.cli.doctor.command import doctor

__all__ = ["doctor"]
