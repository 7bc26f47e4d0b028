"""Reads files that a person named: only regular ones, and only up to a size.

A device such as /dev/zero has no end and a named pipe may never begin; both are refused.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO


def opened(path: Path) -> BinaryIO:
    """The file, open for reading. OSError when it is no regular file or cannot be had."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "not a regular file")
        return open(descriptor, "rb")
    except OSError:
        os.close(descriptor)
        raise


def read(path: Path, most_bytes: int | None = None) -> bytes:
    """The whole file; OSError as above, or when it is larger than `most_bytes`."""
    with opened(path) as file:
        if most_bytes is None:
            return file.read()
        raw = file.read(most_bytes + 1)
    if len(raw) > most_bytes:
        raise OSError(errno.EFBIG, f"larger than {most_bytes // 1024} KiB")
    return raw
