"""Mutation testing of the rooms that money depends on."""
