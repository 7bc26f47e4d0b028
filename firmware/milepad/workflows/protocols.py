"""What workflows take from each other. For type checkers only: no device has this module."""

from typing import Protocol

from milepad.base.transaction import Transaction
from milepad.workflows.device import Device


class AtCheckout(Protocol):
    """What a checkout earns with, see `workflows.earn`."""

    def needs_pre_tax(self, device: Device) -> bool: ...

    async def redeemed(
        self, device: Device, sale: Transaction, rows: list[str]
    ) -> tuple[Transaction | None, str]: ...

    async def not_kept(self, device: Device, why: str) -> None: ...

    async def unredeemed(
        self, device: Device, sale: Transaction, in_doubt: bool
    ) -> None: ...

    async def finished(self, device: Device, sale: Transaction) -> None: ...

    async def look_back(self, device: Device) -> None: ...
