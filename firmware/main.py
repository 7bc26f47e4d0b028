"""Starts Milepad on the board that was flashed with it."""

import milepad_board

from milepad import app

app.run(milepad_board.board)
