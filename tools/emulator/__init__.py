"""The emulated AIR MILES Cash platform: what a handheld talks to on a desktop.

An independent reading of the API library: it shares no code with the firmware, so that a
mistake has to be made twice to stay unseen. It holds no real collector and proves nothing
about the real platform where the library is silent; each such choice is a named setting.

From the wire inwards: `server` and `wire` accept connections, `recorder` notes what
arrived, `api` and `control` are the paths, `faults` spoil, a family of operations (`cash`)
takes one request to one reply, `service` and `parameters` are what such a family is made
with, `store` remembers.
"""
