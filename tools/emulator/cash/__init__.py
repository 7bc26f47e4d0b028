"""AIR MILES Cash as the emulated platform serves it: ECHO, INQUIRE, REDEEM and REVERSE.

`models` are the fields, `description` the OpenAPI text, `platform` takes one request to one
reply, `rules` decides, `members` fills the reply, `codes` is the table of response codes and
`magic` the amounts that ask for one.
"""
