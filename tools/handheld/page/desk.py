"""Everything that stands on the desk behind the page, and what a page may ask of it."""

from __future__ import annotations

import json
from typing import Any

from tools.handheld.events import Event, EventError, parse
from tools.handheld.page.clients import Client, text_of
from tools.handheld.page.face import Face
from tools.handheld.page.session import Session


class Desk:
    """A handheld, perhaps a platform, and who plays on them."""

    def __init__(self, face: Face) -> None:
        self.face = face
        self.session = Session(face.device.screen)

    async def start(self) -> None:
        """Switches the handheld on."""
        await self.face.device.start()
        await self.face.device.power()

    async def close(self) -> None:
        """Ends everything."""
        await self.face.close()

    async def obey(self, text: str, client: Client) -> None:
        """What a page asks for; what is not possible is told to that page alone."""
        try:
            event = parse(text.encode("utf-8", "replace"))
            if event.name == "quit":
                raise EventError("a page does not end the program")
            await self._do(event)
        except EventError as fault:
            client.tell(text_of({"refused": {"order": _name(text), "reason": str(fault)}}))

    async def _do(self, event: Event) -> None:
        self.session.note(event)
        await self.face.perform(event)


def _name(text: str) -> str:
    """What was asked for, as far as it can be told."""
    try:
        document: Any = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    name = next(iter(document), "") if isinstance(document, dict) else ""
    return name[:40] if isinstance(name, str) else ""
