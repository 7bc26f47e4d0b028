"""The description for people: `/docs`, and what FastAPI's document cannot know by itself.

The page is one file without a script from elsewhere, so that it works offline. Its tables
of codes, magic amounts and faults are made from what the emulator goes by.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.responses import HTMLResponse, Response

from tools.emulator.cash import magic
from tools.emulator.cash.codes import CODES
from tools.emulator.cash.models import REQUESTS
from tools.emulator.faults import FAULTS
from tools.emulator.issuance import description
from tools.emulator.issuance import magic as issuance_magic
from tools.emulator.issuance.models import REQUESTS as ISSUANCE_REQUESTS
from tools.emulator.settings import Settings
from tools.emulator.tokens import TokenRequest

DESCRIPTION = (
    "An emulation of AIR MILES Cash and AIR MILES Issuance for development and tests. Not "
    "affiliated with AIR MILES. In Cash every value of a request and of a reply is a string; "
    "in Issuance amounts are numbers. What is not published and had to be invented says so."
)
TAGS = [
    {"name": "oauth", "description": "Tokens"},
    {"name": "amcash", "description": "AIR MILES Cash, as the API library specifies it"},
    {"name": "issuance", "description": "AIR MILES Issuance, as far as it is published"},
    {"name": "emulator", "description": "What a test may order and see; no bearer"},
]
_PAGE = Path(__file__).parent / "docs.html"


def add_page(app: FastAPI, settings: Settings) -> None:
    """`/docs`, and the schemas of the bodies that the paths read by themselves."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        document = plain()  # FastAPI keeps it, so that this is done once
        document["components"]["schemas"] |= _body_schemas()
        return document

    app.openapi = described  # type: ignore[method-assign]
    page = _PAGE.read_text("utf-8").replace("<!-- tables -->", _tables(settings))

    @app.get("/docs", include_in_schema=False)
    async def docs() -> Response:
        return HTMLResponse(page)


def _body_schemas() -> dict[str, Any]:
    models: list[type[BaseModel]] = [
        *REQUESTS.values(),
        *dict.fromkeys(ISSUANCE_REQUESTS.values()),
        TokenRequest,
    ]
    _, schema = models_json_schema(
        [(model, "validation") for model in models],
        ref_template="#/components/schemas/{model}",
    )
    return dict(schema["$defs"])


def _tables(settings: Settings) -> str:
    switch = "on" if settings.magic else "off: start the emulator with --magic"
    return "\n".join(
        (
            _codes(),
            _magic(switch),
            _magic_of_issuance(switch),
            _table(
                "Invented for Issuance",
                "No document says what stands here: each is this emulator's choice, and "
                "most are a setting of it (given as it is now).",
                ("what", "here", "option"),
                description.invented(settings),
            ),
            _table(
                "Faults",
                "Ordered with POST /_emulator/faults, for the next requests to an operation.",
                ("fault", "what happens"),
                FAULTS.items(),
            ),
        )
    )


def _codes() -> str:
    return _table(
        "Response codes",
        "Which operation's status table lists them, and what a client does.",
        ("code", "HTTP status", "message", "in French", "operations", "meaning"),
        [
            (code, row.status, row.english, row.french, ", ".join(row.ops), row.meaning)
            for code, row in CODES.items()
        ],
    )


def _magic(switch: str) -> str:
    return _table(
        f"Magic amounts ({switch})",
        (magic.__doc__ or "").partition("\n\n")[2],
        ("operation", "basket", "code", "message"),
        [(row.op, f"${row.basket}", row.code, row.message) for row in magic.table()],
    )


def _magic_of_issuance(switch: str) -> str:
    return _table(
        f"Magic amounts of Issuance ({switch})",
        (issuance_magic.__doc__ or "").partition("\n\n")[2],
        ("operation", "basket", "HTTP status"),
        [(row.op, f"${row.basket}", row.status) for row in issuance_magic.table()],
    )


def _table(
    title: str, text: str, head: tuple[str, ...], rows: Iterable[tuple[object, ...]]
) -> str:
    lines = [_row("th", head), *(_row("td", row) for row in rows)]
    shown = "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n"))
    return f"<h2>{escape(title)}</h2>{shown}<table>{''.join(lines)}</table>"


def _row(cell: str, values: Iterable[object]) -> str:
    cells = (f"<{cell}>{escape(str(value))}</{cell}>" for value in values)
    return f"<tr>{''.join(cells)}</tr>"
