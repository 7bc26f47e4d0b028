"""The handheld in a browser: one Device, served on loopback as a page and a WebSocket.

README.md here says what goes over the wire in both directions.
"""


class PortError(Exception):
    """The page's port cannot be had; one line says why."""
