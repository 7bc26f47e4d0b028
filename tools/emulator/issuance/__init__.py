"""AIR MILES Issuance as the emulated platform serves it: four operations of either family.

Requests are as far as they are published; bodies of replies, codes of errors and limits are
not, so those here are invented and say so. `operations` is the table, `numbers` and `models`
are the fields, `rules` decides, `running` knows which transactions have not ended, `platform`
takes one request to one reply, `magic` are the amounts that ask for a status and
`description` is the OpenAPI text.
"""
