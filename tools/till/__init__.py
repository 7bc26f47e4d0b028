"""A cash register for tests, demo and practice: it drives a PIN pad at a till."""
