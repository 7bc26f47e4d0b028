"""One copy of an earning, told what came of it: what its `Attempt` makes of that, as values."""

from milepad.issuance.attempts import Attempt, Pace, first_due

TRACE_ID = "004200000017"


def played(steps, copies=0, match=True):
    """Steps: a status with its body, "silence", "not sent" or "no token"."""
    attempt = Attempt(copies, lambda: True, lambda: True, match)
    for step in steps:
        assert attempt.may_leave(), step
        if step == "silence":
            attempt.note_no_answer("no reply")
        elif step == "not sent":
            attempt.note_not_sent("no connection")
        elif step == "no token":
            attempt.note_no_token("no token")
        else:
            attempt.note_answer(step[0], step[1], TRACE_ID)
            attempt.note_status(step[0], step[2] if len(step) > 2 else 0, 15)
    return {
        "outcome": attempt.outcome,
        "code": attempt.code,
        "miles": attempt.miles,
        "copies": attempt.copies,
        "left": attempt.left,
        "again": attempt.again,
        "token": attempt.token_refused,
        "wait_s": attempt.retry_after_s,
    }


def paces(failures):
    """For how long everything rests after each of these failures; "" is a success."""
    pace, found = Pace(), []
    for failure in failures:
        if failure:
            found.append(pace.note_failure(failure == "answered", 0, 0))
        else:
            pace.note_success()
    return found


def due(waiting, resting):
    """Which of (number, collector) is sent next while those numbers rest."""
    return first_due(iter(waiting), lambda number: number in resting)
