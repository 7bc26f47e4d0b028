"""What `main` starts."""

from boards.pico2w_pinpad.board import Board

board = Board()
