"""Milepad: AIR MILES Cash and miles, on a shop's own handhelds and PIN pads."""

VERSION = "0.2.0"  # the only place: CHANGELOG.md and pyproject.toml are held to it
NAME_AND_VERSION = "MILEPAD " + VERSION  # on the screen, in either language
USER_AGENT = "Milepad/" + VERSION  # for the platform's logs (RFC 9110, 10.1.5)
