"""The help texts that lead a person through a day's end."""

from __future__ import annotations

ME = "python -m tools.ledger"
TOP = f"""
A day's end, step by step:
  1. get the ledgers: from connected devices, or use a flash image as it is
       {ME} pull /dev/ttyACM0 /dev/ttyACM1 -o pulled/2026-11-21
  2. look at them
       {ME} show pulled/2026-11-21/*
       {ME} show flash.img
  3. write the reconciliation file of the day
       {ME} reconcile pulled/2026-11-21/* --day 2026-11-21 -o ours.txt
  4. match the ledgers with AIR MILES' file
       {ME} match pulled/2026-11-21/* theirs.txt
  5. look at what was earned, and write the billing log of a partner who computes the miles
       {ME} earnings pulled/2026-11-21/* --waiting
       {ME} bill pulled/2026-11-*/* --period monthly --day 2026-11-01 -o november.csv
  6. let the devices forget, when they need room, what is safe here
       {ME} pull /dev/ttyACM0 -o pulled/again --mark-exported

A LEDGER is a flash image (littlefs2: of the simulated handheld, or dumped from a chip), a
folder that pull made, or the drive of a CircuitPython board (CIRCUITPY, or a copy). They are
only ever read. Collector numbers are shown masked.

exit status: 0 nothing differs, 1 there are differences, 2 bad input, 3 nothing of the day:
the warnings then say which days the file and the ledgers hold.
"""
SHOW = f"""
examples:
  {ME} show flash.img
  {ME} show pulled/2026-11-21/* --unresolved
  {ME} show flash.img --csv > entries.csv
"""
PULL = f"""
examples:
  {ME} pull /dev/ttyACM0 -o pulled/2026-11-21
  {ME} pull /dev/ttyACM* -o pulled/2026-11-21 --mark-exported

Pull while the device shows its idle screen: its program is stopped and then started again.
Each device gets a folder of its own, named after its store and device id, such as
pulled/2026-11-21/0001-01, with a SHA-256 of every file. Where that folder is there already the
next is 0001-01-2; a device that does not say who it is goes by its port. The device's token and
secrets are not copied. What is open when it is marked as exported stays on the device until a
later pull has its outcome.
"""
RECONCILE = f"""
examples:
  {ME} reconcile flash.img --day 2026-11-21 -o ours.txt
  {ME} reconcile pulled/* --day 2026-11-21 --zone EST5EDT,M3.2.0,M11.1.0 -o ours.txt
  {ME} reconcile pulled/* --from 2026-11-20T18:00 --to 2026-11-22 -o again.txt

The file: ASCII, fields separated by %%, two headers, a detail for every approved redemption
and reversal, two trailers. A day without any is legal. AIR MILES has not published the layout
of the records: tools/ledger/layout.py is ours, in one table, until they do. When no entry at
all is of the day, declined ones included, the file is written and the exit status is 3.
"""
MATCH = f"""
examples:
  {ME} match flash.img theirs.txt
  {ME} match pulled/2026-11-21/* theirs.txt --differences
  {ME} match ours.txt theirs.txt --csv > report.csv
  {ME} match pulled/* --theirs received/2026-11-*.txt
  {ME} match pulled/* theirs.csv --earnings --day 2026-11-01 --period monthly
  {ME} match pulled/* theirs.txt --earnings --layout tools/ledger/layouts/batch_issuance.toml

statuses:
  matched             the same kind, date, miles and confirmation number on both sides
  differing           the same transaction; the note names the values that differ
  ours_only           approved here, missing in a file that covers its time
  theirs_only         in their file, and nothing of ours is like it
  committed           unresolved here, and their file shows that it happened: no discount
                      was given
  declined_committed  declined here, and their file shows that it happened: no discount was
                      given
  not_sent_committed  no request left the device, and their file shows that it happened
  unresolved          unresolved here, and not in their file: no miles moved (no difference)
  outside             approved or unresolved here, outside the files' spans (no difference)

Files are read with any ends of lines and any Unicode encoding, with blanks and blank lines, and
as a spreadsheet saved them (semicolons, commas or tabs; zeros in front are put back). All that
is wrong with them is told at once, with the line and what to do.

A file covers the span of its first header. What lies outside is counted, not listed; the
warnings say on which days. When no file covers a time of ours and there are no differences,
nothing was compared: exit status 3. Dollars are the ledger's own; those of a file are counted
from its miles (--unit). Match with ledgers rather than with our file: only they know what is
unresolved, which collector it was (last four digits) and which device.

With --earnings it is about what was earned (kind I issued, W withdrawn; unresolved: queued,
parked or deleted here). AIR MILES publishes no file of that: a TOML file says how yours is laid
out, and without --layout it is read as the log of bill. The keys, with what they are for:
  kind = "csv" | "fixed"    columns with a separator, or characters at fixed places
  separator, header         csv: "," and whether the first line names the columns
  encoding, details         "utf-8"; only lines that begin with `details` are earnings
  date                      how a day is written: "%Y%m%d"
  miles                     "minus": a sign in front; "overpunch": in the last digit's letter
  taking_back               operations whose miles are taken back though they have no sign
  [columns]                 trace_id and miles, and where there are any collector, date and
                            operation: a name, a number, or of fixed places [first, length]
What the layout has no column for is not compared. Lines of one transaction are added up. The
file covers the period that --day and --period name, else the days of its own earnings.
"""
EARNINGS = f"""
examples:
  {ME} earnings pulled/2026-11-21/*
  {ME} earnings pulled/2026-11-21/* --waiting
  {ME} earnings flash.img --json

what an earning came to:
  issued, returned    done: AIR MILES has given the miles, or taken them back
  recorded            a sale that was only noted there
  pending             accepted; AIR MILES posts the miles later
  queued              its device waits for the network
  parked              refused, and its device waits for a person's decision
  refused             refused, and given up by a person
  deleted             given up before AIR MILES accepted it

The summary has a row for each device: which of them holds what still waits, and since when.
"""
BILL = f"""
examples:
  {ME} bill pulled/2026-11-21/* --day 2026-11-21 -o log.csv
  {ME} bill pulled/*/* --period bi-weekly --day 2026-11-09 -o log.csv
  {ME} bill pulled/*/* --period monthly --day 2026-11-01 --json -o november.json

The log of POST, POST/EVENT, REVERSE and REVERSE/EVENT that AIR MILES accepted, each once
however many pulls hold it. AIR MILES has not published the layout of such a log: the columns
are ours. Amounts are exact, miles that were taken back are negative, collector numbers are the
last four digits. No text in the CSV is a formula to a spreadsheet.

Pull after the period has ended. An earning that still waits on its device then is told, and is
in the log of the period in which AIR MILES accepts it (--by bought: in that of the sale).
When there is nothing of the period the file is written and the exit status is 3.
"""
