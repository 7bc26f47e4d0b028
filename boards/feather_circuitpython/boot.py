"""Gives the drive to the program, which keeps its ledger there; or to the computer, to copy.

Hold BOOT0 just after a reset (when the light is violet) and the computer may write.
"""

import board
import digitalio
import storage

_button = digitalio.DigitalInOut(board.BUTTON)
_button.switch_to_input(pull=digitalio.Pull.UP)
storage.remount("/", readonly=not _button.value)
