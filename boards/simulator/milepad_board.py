"""What `main` starts on a flashed simulator; its chip says what is wired."""

import simulated_hardware  # type: ignore[import-not-found] # what `machine` is elsewhere

from boards.simulator.board import Board

board = Board(simulated_hardware.config)
