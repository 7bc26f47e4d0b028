"""A cashier who does the jobs of a shift, and answers whatever a screen asks; on both Pythons."""

from milepad import words
from milepad.base.vocabulary import ENGLISH

CARD = "84095202006"
BASKET = ("CLEAR", "4", "3", "3", "5", "ENTER")
JOBS = {"checkout": "1", "balance": "2", "refund": "3", "reports": "4"}
FINISH, GIVE_UP, VOID, LATER = "7", "8", "9", "0"


def say(key):
    """The first row of a message."""
    return words.text(key, ENGLISH).split("\n")[0]


class Cashier:
    """`choice` is the key for an interrupted call, `number` what a refund is keyed by."""

    def __init__(self, jobs, choice, number=""):
        self.jobs = list(jobs)
        self.choice = choice
        self.number = number

    def answer(self, rows):
        """The keys, or (reader, text), for a screen; none where there is nothing to key."""
        title = rows[0]
        if title == say("starting") or rows[3] in (say("wait_cancel"), say("wait_hold")):
            return []
        if "0=LATER" in rows[2] + rows[3]:
            return self.decide(rows)
        for key, answer in (
            ("report_keys", "CANCEL"),
            ("again_keys", "00"),  # a sale or a refund without an answer
            ("enter_again", "CANCEL"),  # nothing was sent
        ):
            if rows[3] == say(key):
                return [answer]
        if title == say("menu_checkout"):
            return self.begin()
        for key, answer in (
            ("basket_total", BASKET),
            ("more_reprint", ("2",)),
            ("reports_totals", ("1",)),
            ("card", (("scan", CARD),)),
            ("confirmation", (("scan", self.number),)),
        ):
            if title.startswith(say(key)):
                return list(answer)
        return ["ENTER"]

    def begin(self):
        """The key of the next job, or none."""
        return [JOBS[self.jobs.pop(0)]] if self.jobs else []

    def decide(self, rows):
        """The choice, or what comes next to it on this screen."""
        if say("waiting_time") in rows and self.choice != LATER:
            return []
        keys = " ".join(rows[2:])
        for key in (self.choice, FINISH, GIVE_UP, LATER):
            if key + "=" in keys:
                return [key]
        raise AssertionError(rows)
