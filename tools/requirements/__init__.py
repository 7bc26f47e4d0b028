"""What set-up installs: for each part a list with reasons and a lock with exact hashes."""
