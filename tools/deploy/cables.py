"""Opens one device after another, also where several take turns on one cable.

A device that was done is known by its serial number, so that none gets the settings of the
next when nobody has changed the cable.
"""

from __future__ import annotations

import sys

from tools.deploy.board_file import BoardFile
from tools.deploy.command import open_target
from tools.deploy.drive import Drive
from tools.deploy.jobs import Job
from tools.deploy.recognise import serial_number
from tools.device.errors import DeviceError
from tools.device.port import Port

_SKIP = "skip"


class Cables:
    """The cables of one run."""

    def __init__(self, board: BoardFile) -> None:
        self._board = board
        self._used: set[str] = set()
        self._lines: dict[str, int] = {}  # by the serial number of what was done

    def open(self, job: Job) -> Port | Drive:
        """The device of this job; a person is asked to plug it in where another was before.

        Raises DeviceError, also when the person skips it.
        """
        is_first = job.port not in self._used
        self._used.add(job.port)
        if is_first:
            return self._checked(job)
        why = ""
        while True:
            _ask_for(job, why)
            try:
                return self._checked(job)
            except DeviceError as fault:
                why = f"{fault}\n"

    def _checked(self, job: Job) -> Port | Drive:
        target = open_target(self._board, job.port)
        try:
            number = serial_number(target)
            line = self._lines.setdefault(number, job.line) if number else job.line
            if line != job.line:
                raise DeviceError(
                    f"{job.port}: that is still the device of line {line}, serial number {number}"
                )
        except DeviceError:
            target.restart()  # it runs nothing since it was opened
            target.close()
            raise
        return target


def _ask_for(job: Job, why: str) -> None:
    """Waits for ENTER. Raises DeviceError when it will not come."""
    print(
        f"{why}{job.port}: plug in the next, device {job.device_id} of line {job.line}, and "
        f"press ENTER ({_SKIP}: leave it out)",
        file=sys.stderr,
        flush=True,
    )
    answer = sys.stdin.readline()
    if not answer:
        raise DeviceError(f"{job.port}: nobody says that the next device is plugged in")
    if answer.strip().lower() == _SKIP:
        raise DeviceError(f"{job.port}: left out")
