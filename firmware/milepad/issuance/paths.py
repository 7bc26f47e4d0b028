"""Where an operation's requests go, and which of them carry a key (FACTS 6.1 and 6.3). Pure."""

from milepad.base.vocabulary import CALCULATE, RECORD, REVERSE, REVERSE_POST

_ROOT = "/checkout/issuance/"


def path(op: str) -> str:
    """The path of an operation. The partner's withdrawal has AM Cash's word there."""
    return _ROOT + (REVERSE if op == REVERSE_POST else op)


def takes_key(op: str) -> bool:
    """Whether its requests have an Idempotency-Key.

    The samples of CALCULATE have none, though the page says that all calls but RECORD may:
    it moves nothing.
    """
    return op not in (CALCULATE, RECORD)
