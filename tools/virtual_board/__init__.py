"""A board without hardware: MicroPython's unix port, littlefs as its flash, a pty as its cable."""
