"""A board is waited for as a busy machine needs it."""

from __future__ import annotations

from host_tests.kit.patience import patient

__all__ = ["patient"]
