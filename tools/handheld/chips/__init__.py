"""Chips that decode what a bus carries, from their datasheets, not from the firmware."""
