"""What the issuance room takes and gives. For type checkers only: no device has this module."""

from typing import Any, Sequence

Members = list[tuple[str, str]]
"""Members of a JSON object: a name, and a value that is JSON already."""

Rates = Sequence[Sequence[str]]
"""A shop's taxes, each as (name, percent); the profile's `[issuance] taxes`."""

Rules = dict[str, Any]
"""A shop's checked earning rules, or a part of them; see `offers`."""
