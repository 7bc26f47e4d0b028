"""A mounted filesystem with the methods of VfsLfs2, for code that takes such an object."""

import os

from milepad.base.compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Iterator

open_file = open


class MountedFiles:
    """Paths below `root` ("" for the whole tree) of the filesystem that `os` sees."""

    def __init__(self, root: str = ""):
        self._root = root

    def open(self, path: str, mode: str) -> "Any":
        """As the built-in one."""
        return open_file(self._root + path, mode)

    def ilistdir(self, path: str) -> "Iterator[tuple[str]]":
        """Yields tuples that start with a name."""
        for name in os.listdir(self._root + path):
            yield (name,)

    def stat(self, path: str) -> "tuple[Any, ...]":
        """Raises OSError where there is nothing."""
        return os.stat(self._root + path)

    def statvfs(self, path: str) -> "tuple[Any, ...]":
        """Of the filesystem: block's bytes, the same, blocks, free blocks, and more."""
        return os.statvfs(self._root + path)

    def mkdir(self, path: str) -> None:
        """Makes one folder."""
        os.mkdir(self._root + path)

    def remove(self, path: str) -> None:
        """Removes a file."""
        os.remove(self._root + path)

    def rename(self, old: str, new: str) -> None:
        """Moves a file over another, where the filesystem can."""
        os.rename(self._root + old, self._root + new)
