"""Reads what was put on the flash when the device was provisioned."""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import ProfileError

if TYPE_CHECKING:
    from milepad.base.protocols import Files

MAX_FILE_BYTES = 8192


def read_file(files: "Files", name: str) -> bytes:
    """A small file of the flash. Raises ProfileError when it is missing or too large."""
    try:
        size = files.stat(name)[6]
        with files.open(name, "rb") as file:
            raw: bytes = file.read(min(size, MAX_FILE_BYTES) + 1)
    except OSError:
        raise ProfileError(name + " is missing")
    if len(raw) > MAX_FILE_BYTES:
        raise ProfileError(name + " is too large")
    return raw
