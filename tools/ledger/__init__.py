"""The back office's side of the ledger: read it, write AIR MILES' file of it, match the two.

`show` and `pull` read devices' ledgers, `reconcile` writes a reconciliation file, `match`
compares it with AIR MILES' own. Nothing here writes to a flash image; only `pull
--mark-exported` changes a device. A collector number leaves this package masked, or not at
all.
"""
