"""Milepad: redeem AIR MILES Cash at the till, on the shop's own handheld."""

VERSION = "0.1.0"
