"""Starts Milepad on the board that was flashed with it."""

from milepad.base.compat import collect_early

# Before all else is imported: the garbage of an import would lie between the modules for ever.
collect_early()

import milepad_board  # noqa: E402

from milepad import app  # noqa: E402

app.run(milepad_board.board)
