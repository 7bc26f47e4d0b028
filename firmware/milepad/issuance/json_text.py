"""JSON as the platform wants it: exact numbers, and strings that no text can break out of.

`json.dumps` is not used: it writes members in no order on MicroPython, and cents as floats.
"""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.json_body import without_surrogates

if TYPE_CHECKING:
    from typing import Iterable


def string(text: str) -> str:
    """A JSON string. Control characters are escaped; half a surrogate pair becomes "?"."""
    text = without_surrogates(text).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join([c if c >= " " else "\\u%04x" % ord(c) for c in text]) + '"'


def array(values: "Iterable[str]") -> str:
    """An array of values that are JSON already."""
    return "[" + ",".join(list(values)) + "]"


def members(pairs: "list[tuple[str, str]]") -> str:
    """An object of (name, JSON value), by name; "" stands for a member that is left out."""
    present = sorted([pair for pair in pairs if pair[1]])
    return "{" + ",".join(['"%s":%s' % pair for pair in present]) + "}"
