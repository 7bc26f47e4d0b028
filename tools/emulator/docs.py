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
from tools.emulator.tokens import TokenRequest

DESCRIPTION = (
    "An emulation of the AIR MILES Cash operations for development and tests. Not "
    "affiliated with AIR MILES. Every value of a request and of a reply is a string."
)
TAGS = [
    {"name": "oauth", "description": "Tokens"},
    {"name": "amcash", "description": "AIR MILES Cash, as the API library specifies it"},
    {"name": "emulator", "description": "What a test may order and see; no bearer"},
]
_PAGE = Path(__file__).parent / "docs.html"


def add_page(app: FastAPI, magic_is_on: bool) -> None:
    """`/docs`, and the schemas of the bodies that the paths read by themselves."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        document = plain()  # FastAPI keeps it, so that this is done once
        document["components"]["schemas"] |= _body_schemas()
        return document

    app.openapi = described  # type: ignore[method-assign]
    page = _PAGE.read_text("utf-8").replace("<!-- tables -->", _tables(magic_is_on))

    @app.get("/docs", include_in_schema=False)
    async def docs() -> Response:
        return HTMLResponse(page)


def _body_schemas() -> dict[str, Any]:
    models: list[type[BaseModel]] = [*REQUESTS.values(), TokenRequest]
    _, schema = models_json_schema(
        [(model, "validation") for model in models],
        ref_template="#/components/schemas/{model}",
    )
    return dict(schema["$defs"])


def _tables(magic_is_on: bool) -> str:
    switch = "on" if magic_is_on else "off: start the emulator with --magic"
    codes = [
        (code, row.status, row.english, row.french, ", ".join(row.ops), row.meaning)
        for code, row in CODES.items()
    ]
    amounts = [(row.op, f"${row.basket}", row.code, row.message) for row in magic.table()]
    return "\n".join(
        (
            _table(
                "Response codes",
                "Which operation's status table lists them, and what a client does.",
                ("code", "HTTP status", "message", "in French", "operations", "meaning"),
                codes,
            ),
            _table(
                f"Magic amounts ({switch})",
                (magic.__doc__ or "").partition("\n\n")[2],
                ("operation", "basket", "code", "message"),
                amounts,
            ),
            _table(
                "Faults",
                "Ordered with POST /_emulator/faults, for the next requests to an operation.",
                ("fault", "what happens"),
                FAULTS.items(),
            ),
        )
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
