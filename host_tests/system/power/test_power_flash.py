"""Power goes after each program and each erase of a shift's flash, on real filesystems.

The default run cuts one redemption and its refund at every operation on either filesystem;
`make prove` does it with every choice of the cashier, and cuts the whole shift (boot,
checkout, a checkout with a retry, refund, report, export, a new token, a checkout), cleanly
and in the middle of an operation, and lets the flash fail under a device that goes on; and
it cuts again while the first cut is being settled.
"""

from __future__ import annotations

import itertools

import pytest

from host_tests.kit.cashier import FINISH, VOID
from host_tests.system.power.bench import Handheld
from host_tests.system.power.walk import LOST_REPLY, SHIFT, Walk

KINDS = ("littlefs", "fat")
CLEAN: dict[str, object] = {}
TORN = {"torn": 5}  # eighths of the last operation
GOES_ON = {"goes_on": True}
SALE_AND_REFUND = ("checkout", "refund")


def walk(handheld: Handheld, kind: str, *jobs: object, warm: bool = True) -> Walk:
    """A walk over jobs; a `warm` device has its token and its ledger's folders already."""
    handheld.format(kind)
    if warm:
        handheld.live("balance")
    handheld.keep("start")
    return Walk(handheld, jobs, "start")


@pytest.mark.parametrize(
    ("kind", "choice", "how"),
    [
        ("littlefs", FINISH, TORN),
        ("littlefs", VOID, CLEAN),
        pytest.param("fat", FINISH, CLEAN, marks=pytest.mark.prove),
        ("fat", VOID, TORN),
    ],
    ids=["littlefs-finish-torn", "littlefs-void", "fat-finish", "fat-void-torn"],
)
def test_a_sale_and_its_refund_survive_a_cut_at_every_operation(
    handheld: Handheld, kind: str, choice: str, how: dict[str, object]
) -> None:
    path = walk(handheld, kind, *SALE_AND_REFUND)
    path.take(choice, **how)
    print(kind, choice, how, path)
    assert path.faults == []
    assert path.cuts >= 8
    assert path.asked >= 2  # both the redemption and the reversal were interrupted


def test_a_cut_after_the_second_copy_was_noted_is_unresolved_with_a_trace_id(
    handheld: Handheld,
) -> None:
    path = walk(handheld, "littlefs", LOST_REPLY, "checkout")
    path.take(FINISH)
    assert path.faults == []
    assert path.unresolved >= 1


@pytest.mark.prove
@pytest.mark.parametrize(
    ("kind", "choice", "how"),
    list(itertools.product(KINDS, (FINISH, VOID), (CLEAN, TORN, GOES_ON))),
    ids=lambda value: "-".join(value) or "clean" if isinstance(value, dict) else value,
)
def test_a_whole_shift_survives_a_cut_at_every_operation(
    handheld: Handheld, kind: str, choice: str, how: dict[str, object]
) -> None:
    path = walk(handheld, kind, *SHIFT, warm=False)
    path.take(choice, **how)
    print(kind, choice, how, path)
    assert path.faults == []
    assert path.cuts > 40
    assert path.asked >= 4


@pytest.mark.prove
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("choice", [FINISH, VOID])
def test_a_second_cut_while_the_first_is_settled_loses_nothing_either(
    handheld: Handheld, kind: str, choice: str
) -> None:
    path = walk(handheld, kind, *SALE_AND_REFUND)
    path.take_twice(choice)
    print(kind, choice, "twice", path)
    assert path.faults == []
    assert path.cuts > 8
