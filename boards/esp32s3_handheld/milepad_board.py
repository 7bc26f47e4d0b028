"""What `main` starts."""

from boards.esp32s3_handheld.board import Board

board = Board()
