"""What the display's chip shows, dot by dot, as a message."""

from __future__ import annotations

import base64
import io
from typing import Any

from PIL import Image, ImageChops

from tools.handheld.chips import ssd1306
from tools.handheld.chips.hd44780 import CharacterLcd
from tools.handheld.chips.ssd1306 import Ssd1306
from tools.handheld.wiring import Display


def text(raw: bytes) -> str:
    """Bytes as JSON carries them."""
    return base64.b64encode(raw).decode("ascii")


def png(image: Image.Image) -> str:
    """A picture as JSON carries it."""
    target = io.BytesIO()
    image.save(target, "PNG")
    return text(target.getvalue())


class Glass:
    """Tells what has changed on a display since it looked last."""

    def __init__(self) -> None:
        self._before: Any = None

    def whole(self, display: Display) -> dict[str, Any]:
        """All of it, for one who knows nothing yet."""
        if isinstance(display, CharacterLcd):
            return {
                "kind": "lcd20x4",
                "dots": text(display.dots()),
                "backlight": display.backlight,
            }
        if isinstance(display, Ssd1306):
            return {"kind": "ssd1306", "dots": text(_rows(display))}
        return {"kind": "st7789", "x": 0, "y": 0, "png": png(display.picture())}

    def change(self, display: Display) -> dict[str, Any] | None:
        """What is new of it, or None."""
        if isinstance(display, CharacterLcd | Ssd1306):
            news = self.whole(display)
            before, self._before = self._before, news
            return None if news == before else news
        return self._changed_area(display.picture())

    def _changed_area(self, picture: Image.Image) -> dict[str, Any] | None:
        before, self._before = self._before, picture
        if not isinstance(before, Image.Image):
            return {"kind": "st7789", "x": 0, "y": 0, "png": png(picture)}
        box = ImageChops.difference(before, picture).getbbox()
        if box is None:
            return None
        return {"kind": "st7789", "x": box[0], "y": box[1], "png": png(picture.crop(box))}


def _rows(display: Ssd1306) -> bytes:
    """64 rows of 128 pixels, the left one of eight in bit 7."""
    image = Image.new("1", (ssd1306.WIDTH, ssd1306.HEIGHT))
    image.putdata(
        [
            255 * display.pixel(x, y)
            for y in range(ssd1306.HEIGHT)
            for x in range(ssd1306.WIDTH)
        ]
    )
    return image.tobytes()
