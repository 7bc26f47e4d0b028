"""The platform that a script gives bad moments: it commits and answers as specified, and counts.

Its face is that of the HTTP client, so that session and token above it are the firmware's own.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable
from email.utils import formatdate
from typing import NamedTuple

from host_tests.kit.power import Power, PowerCut
from milepad.amcash.response_codes import lookup
from milepad.base.errors import LinkError, NotSentError

START_S = 1780000000
TOKEN_S = 3600
RETENTION_S = 1200  # how long the platform keeps an idempotency key
# what a call may meet; the first is none, and the last three take the power
FAULTS = (
    "",
    "no way",  # nothing leaves
    "lost request",
    "lost reply",
    "refused",
    "platform error",
    "no code",
    "bad token",
    "power before",
    "power with the request",
    "power with the reply",
)
CONFIRMATION = "03007368806"

CASH, DREAM, AVAILABLE_MILES = "7777", "8888", "6655"
BALANCES = (CASH, DREAM, AVAILABLE_MILES, "7,777", "8,888", "6,655")
OFFER = {
    "availableOfferUnits": "4",
    "dailyOfferLimit": "75",
    "offerDescEn": "Save now with Cash Miles.",
    "offerDescFr": "Économisez dès maintenant.",
    "offerId": "1111111111",
    "offerType": "RGL",
    "unitValueAMCash": "95",
    "unitValueDollars": "10.00",
}
ACCOUNT = {
    "cashBalance": CASH,
    "dreamBalance": DREAM,
    "availableCashBalance": AVAILABLE_MILES,
    "availableDollarAmount": "700",
}
MEMBERS: dict[str, dict[str, str]] = {
    "echo": {},
    "inquire": ACCOUNT | OFFER,
    "redeem": ACCOUNT
    | OFFER
    | {
        "milesRedeemed": "380",
        "unitsRedeemed": "4",
        "txnConfirmationNumber": CONFIRMATION,
    },
    "reverse": ACCOUNT
    | {
        "milesReversed": "380",
        "unitsReversed": "4",
        "unitValueAMCash": "95",
        "unitValueDollars": "10",
        "txnConfirmationNumber": "03007369999",
    },
}


class Commit(NamedTuple):
    """What the platform did, once and for all."""

    op: str
    trace_id: str
    key: str
    number: str
    miles: int
    cents: int
    of: str  # the redemption that a reversal takes back


class Answer(NamedTuple):
    """What `client.post` gives."""

    status: int
    body: bytes
    date: bytes = b""
    retry_after: bytes = b""


class Platform:
    """The far end and the way to it; `faults` are what the next money calls meet."""

    stage = "idle"
    sent = False

    def __init__(self, power: Power) -> None:
        self.power = power
        self.faults: list[str] = []
        self.commits: list[Commit] = []
        self.copies: dict[str, list[bytes]] = defaultdict(list)  # by idempotency key
        self.origins: dict[str, set[tuple]] = defaultdict(set)  # where they went
        self.now_s: Callable[[], float] = lambda: 0.0  # seconds since the story's start
        self.unanswered = 0  # calls about miles that left and got no answer that counts
        self._answers: dict[str, tuple[float, Answer]] = {}
        self._tokens = 0

    async def post(
        self,
        url: tuple,
        headers: list,
        raw: bytes,
        may_leave: Callable[[], bool] | None = None,
    ) -> Answer:
        """The face of `link.client.Client`."""
        self.sent, self.stage = False, "connecting"
        await asyncio.sleep(0.2)
        if may_leave and not may_leave():
            self.stage = "idle"
            raise NotSentError("nobody could see it leave")
        try:
            return await self._exchange(url, dict(headers), raw)
        finally:
            self.stage = "idle"

    async def _exchange(self, url: tuple, headers: dict[str, str], raw: bytes) -> Answer:
        path = url[2]
        key = headers.get("Idempotency-Key", "")
        fault = self.faults.pop(0) if key and self.faults else ""
        if fault == "no way":
            raise NotSentError("no connection within 10 s")
        if fault == "power before":
            self._cut()
        self.sent, self.stage = True, "waiting"
        if key:
            self.copies[key].append(raw)
            self.origins[key].add(url)
            self.unanswered += fault not in ("", "refused", "bad token")
        if fault == "power with the request":
            self._cut()
        if fault == "lost request":
            raise LinkError("no reply within 15 s")
        answer = self._answer(path, key, raw, fault)
        await asyncio.sleep(0.5)
        if fault == "power with the reply":
            self._cut()
        if fault == "lost reply":
            raise LinkError("no reply within 15 s")
        date = formatdate(START_S + self.now_s(), usegmt=True)
        return answer._replace(date=date.encode())

    def _cut(self) -> None:
        self.power.pull()
        raise PowerCut

    def _answer(self, path: str, key: str, raw: bytes, fault: str) -> Answer:
        if path.endswith("token"):
            self._tokens += 1
            token = {"access_token": "token%d" % self._tokens, "expires_in": TOKEN_S}
            return Answer(200, json.dumps(token).encode())
        if fault == "bad token":
            return Answer(401, b"{}")
        if fault == "platform error":
            return said("", "0096")
        if fault == "refused" and self._kept(key) is None:
            return said("", "0051")
        answer = self._done(json.loads(raw), key) if key else said(_op_of(path), "0000")
        return Answer(200, b'{"message": "?"}') if fault == "no code" else answer

    def _done(self, body: dict[str, str], key: str) -> Answer:
        """Commits, unless this key has: then it is the same answer."""
        kept = self._kept(key)
        if kept is None:
            kept = self._commit(body, key)
            self._answers[key] = (self.now_s(), kept)
        return kept

    def _kept(self, key: str) -> Answer | None:
        """The answer to that key, unless the platform has forgotten it."""
        when_s, answer = self._answers.get(key, (0.0, None))
        return answer if self.now_s() - when_s < RETENTION_S else None

    def _commit(self, body: dict[str, str], key: str) -> Answer:
        number = "%011d" % (30000000000 + len(self.commits))
        of = body.get("redemptionConfirmationNum", "")
        if of and of not in self.standing():
            return said("", "0057")
        op = "reverse" if of else "redeem"
        if of:
            cents = self.standing()[of].cents
        else:
            cents = round(float(body["dollarRedeemRequest"]) * 100)
        miles, units = cents // 1000 * 95, str(cents // 1000)
        done = {"milesReversed": str(miles), "unitsReversed": units}
        if not of:
            done = {"milesRedeemed": str(miles), "unitsRedeemed": units}
        commit = Commit(op, body["traceId"], key, number, miles, cents, of)
        self.commits.append(commit)
        return said(op, "0000", txnConfirmationNumber=number, **done)

    def standing(self) -> dict[str, Commit]:
        """The redemptions that were not taken back, by their numbers."""
        gone = {commit.of for commit in self.commits}
        return {
            commit.number: commit
            for commit in self.commits
            if commit.op == "redeem" and commit.number not in gone
        }


def _op_of(path: str) -> str:
    return path.rpartition("/")[2] if path.rpartition("/")[2] in MEMBERS else "inquire"


def said(op: str, code: str, **changes: str) -> Answer:
    """A reply of the platform."""
    members = {**MEMBERS.get(op, {}), "message": "text", **changes, "responseCode": code}
    return Answer(lookup(code).http_status, json.dumps(members).encode())
