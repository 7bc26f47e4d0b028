"""Moves a file of this board."""

import os


def rename(path: str, new_path: str) -> None:
    """Moves it; what stood under the new name goes."""
    try:
        os.rename(path, new_path)
    except OSError:  # FAT moves nothing onto a file
        os.remove(new_path)
        os.rename(path, new_path)
