"""The power of a device, which goes in the middle of a write; on both Pythons."""

import errno


class PowerCut(BaseException):
    """Nothing runs any more. Not an Exception, so that no handler of the firmware sees it."""


class Power:
    """Lasts for `left` writes (-1: for all); it is `gone` with the one that it did not last for.

    A flash that fails and recovers while power lasts does `good_writes`, then `bad_writes`.
    """

    def __init__(self):
        self.left = -1
        self.gone = False
        self.good_writes = self.bad_writes = 0

    def spend(self):
        """One write; OSError when it cannot be done."""
        if self.left == 0:
            self.gone = True
            raise OSError(errno.EIO, "no power")
        self.left -= 1
        if self.bad_writes and self.good_writes:
            self.good_writes -= 1
        elif self.bad_writes:
            self.bad_writes -= 1
            raise OSError(errno.EIO, "the flash fails")

    def pull(self):
        """Now."""
        self.left, self.gone = 0, True

    def restore(self):
        self.left, self.gone = -1, False
