"""What `main` starts."""

from boards.m5stack_oled.board import Board

board = Board()
