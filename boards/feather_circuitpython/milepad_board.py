"""What `main` starts."""

from boards.feather_circuitpython.board import Board

board = Board()
