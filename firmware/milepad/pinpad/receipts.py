"""A slip as a till's own printer takes it: PaymentReceipt, line by line."""

from milepad.base.compat import TYPE_CHECKING
from milepad.receipt import layout
from milepad.receipt.escpos import BARCODE, BOLD, CENTER

if TYPE_CHECKING:
    from typing import Any

    from milepad.base.transaction import Transaction
    from milepad.workflows.device import Device


def of_transaction(device: "Device", entry: "Transaction") -> "list[dict[str, Any]]":
    """The customer's copy of an entry's slip. It holds no balance: these are not kept."""
    return of_facts(device, device.slips.facts.of_transaction(entry), entry.language)


def of_facts(device: "Device", facts: dict, language: str) -> "list[dict[str, Any]]":
    """The customer's copy of a slip."""
    columns = device.profile["printer"]["columns"]
    elements = layout.slip(facts, language, columns, "customer")
    lines = [_line(style, text) for style, text in elements if not style & BARCODE]
    return [
        {
            "DocumentQualifier": "CustomerReceipt",
            "RequiredSignatureFlag": False,
            "OutputContent": {"OutputFormat": "Text", "OutputText": lines},
        }
    ]


def _line(style: int, text: str) -> "dict[str, Any]":
    line: "dict[str, Any]" = {"Text": text, "EndOfLineFlag": True}
    if style & BOLD:
        line["CharacterStyle"] = "Bold"
    if style & CENTER:
        line["Alignment"] = "Centred"
    return line
