"""An HTTP client that answers from a script; on both Pythons.

A step is one of
    "not_sent"              nothing leaves (no network, TLS refused)
    "silent"                a copy leaves, no usable answer comes
    (status, code)          a copy leaves, a JSON reply with that response code ("" for none)
    (status, raw bytes)     a copy leaves, a reply with that body; a third is its Retry-After, a
                            fourth its Date
"""

import asyncio

from milepad.base.errors import NoAnswerError, NotSentError

DATE = b"Thu, 28 May 2026 20:26:40 GMT"


class HttpReply:
    """What `link.client` gives."""

    def __init__(self, status, body, retry_after=b"", date=DATE):
        self.status = status
        self.body = body
        self.keep_alive = True
        self.date = date
        self.retry_after = retry_after


class ScriptedClient:
    """Every copy that leaves is kept."""

    stage = "idle"
    sent = False

    def __init__(self, steps):
        self._steps = list(steps)
        self.attempts = 0
        self.copies = []
        self.closed = 0

    def close(self):
        self.closed += 1

    async def post(self, url, headers, body, may_leave=None):
        self.sent = False
        await asyncio.sleep(0)
        if may_leave and not may_leave():
            raise NotSentError("nobody could see it leave")
        step = self._steps[self.attempts]
        self.attempts += 1
        if step == "not_sent":
            raise NotSentError("no network")
        self.sent = True
        self.copies.append((url, list(headers), body))
        await asyncio.sleep(0)
        if step == "silent":
            raise NoAnswerError("no reply")
        status, answer, *more = step
        if isinstance(answer, str):
            answer = b'{"responseCode":"%s"}' % answer.encode() if answer else b"{}"
        return HttpReply(status, answer, *more)
