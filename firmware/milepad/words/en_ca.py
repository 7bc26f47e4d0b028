"""English for the cashier's screen. A key is a place in a workflow or a response code.

One text, because a table of a hundred small ones would take twice the heap: a line each,
`key=row`, with "|" where the second row begins.
"""

TEXTS = """
menu_checkout=1 CHECKOUT
menu_balance=2 BALANCE
menu_refund=3 REFUND
menu_more=4 MORE
more_reprint=1 REPRINT LAST SLIP
more_reports=2 REPORTS
more_link=3 TEST LINK
more_language=4 FRANÇAIS
link_unknown=LINK ?
link_up=LINK OK
link_down=NO LINK
link_login=NO LOGIN
link_testing=TESTING LINK
link_answered=PLATFORM ANSWERED

basket_total=TOTAL WITH TAX
pre_tax_total=TOTAL BEFORE TAX
money_hint=ENTER=OK CLEAR=AGAIN
too_much=MAX %s
key_amount=KEY AN AMOUNT
card=CARD
card_how=SWIPE OR SCAN CARD
or_key=OR KEY THE NUMBER
slip_english=SLIP: EN  .=FRANÇAIS
slip_french=SLIP: FR   .=ENGLISH
card_bad=CARD NOT READ: AGAIN
card_check=NUMBER LOOKS WRONG|ENTER=USE IT ANYWAY
confirmation=CONFIRMATION NUMBER
confirmation_how=SCAN THE SLIP
refund=REFUND
refund_window=UNTIL NEXT %s EST
yes_no=ENTER=YES  CANCEL=NO
go_on=ENTER=GO ON

redeem=REDEEM
units=%d UNITS %d MILES
unit=%d UNIT %d MILES
unit_price=%dMI=%s %dNOW %sDAY
offer_keys=UP/DOWN ENTER CANCEL
no_offer=NO CASH TO REDEEM
no_offer_why=NOT ENOUGH MILES OR|BASKET UNDER %s
manual_no_redeem=KEYED: NO REDEMPTION|SWIPE OR SCAN CARD

wait_inquire=ASKING AIR MILES
wait_redeem=REDEEMING
wait_reverse=REVERSING
wait_connecting=CONNECTING
wait_waiting=WAITING FOR ANSWER
wait_cancel=CANCEL=STOP
wait_hold=PLEASE WAIT
starting=STARTING

approved=APPROVED
confirmation_is=NO %s
give_discount=GIVE %s OFF
reversed=REFUND %s MILES
refused=REFUSED
no_answer=NO ANSWER
no_discount=NO DISCOUNT
no_refund=DO NOT REFUND YET
no_balance=NO BALANCE
unknown_advice=QUOTE %s
not_sent=NOT SENT
not_sent_network=NOTHING LEFT DEVICE
not_sent_proof=CLOCK OR CERTIFICATE
not_sent_login=LOGIN REFUSED
try_again=CHECK WI-FI, RETRY
call_service=CALL FOR SERVICE
balance_printed=BALANCE IS ON PAPER
balance_hidden=COLLECTOR HIDES IT

printing=PRINTING
paper_out=PRINTER: NO PAPER
cover_open=PRINTER: COVER OPEN
printer_silent=PRINTER: NO ANSWER
print_again=ENTER=PRINT|CANCEL=NO SLIP
nothing_to_print=NO SLIP KEPT

interrupted=INTERRUPTED
op_redeem=REDEMPTION
op_reverse=REVERSAL
interrupted_keys=ENTER=FINISH|CANCEL=VOID
unresolved=UNRESOLVED
ledger_full=LEDGER IS FULL
ledger_full_advice=EXPORT IT FIRST|NO REDEMPTION
storage_failed=STORAGE FAILED
storage_advice=NO REDEMPTION|CALL FOR SERVICE
ledger_warning=NO LEDGER!
reports_totals=1 TOTALS OF THE DAY
reports_latest=2 LATEST ENTRIES
reports_unresolved=3 UNRESOLVED
report_today=TODAY
report_redeemed=REDEEM %d
report_reversed=REVERSE %d
report_unresolved=UNRES. %d
report_keys=UP/DOWN ENTER=PRINT
report_empty=NO ENTRIES

profile_bad=SETTINGS ARE WRONG
profile_advice=PROVISION AGAIN
fault=FAULT: STARTED AGAIN

code_0000=APPROVED
code_0001=APPROVED
code_0002=ACCOUNT NOT ACTIVE
code_0005=UNABLE TO REDEEM
code_0006=UNABLE TO REDEEM
code_0008=TIMED OUT
code_0009=CARD NOT PRESENTED
code_0025=INVALID CARD NUMBER
code_0035=INVALID REQUEST
code_0051=NOT ENOUGH MILES
code_0057=INVALID CONFIRMATION
code_0065=DAILY LIMIT REACHED
code_0066=BASKET TOO SMALL
code_0067=OFFER NOT AVAILABLE
code_0080=TOO LATE TO REVERSE
code_0092=SCHEDULED OUTAGE
code_0096=PLATFORM ERROR
code_none=LOGIN REFUSED
code_other=UNKNOWN ANSWER

advice_collector_service=COLLECTOR: SEE OR|CALL AIRMILES.CA
advice_no_cash=DO NOT OFFER MILES|TAKE FULL PAYMENT
advice_escalate=NOT DONE. CALL|AIR MILES SUPPORT
advice_present_card=SWIPE OR SCAN. LOST:|SEE AIRMILES.CA
advice_check_history=COLLECTOR: HISTORY|IS AT AIRMILES.CA
advice_check_number=CHECK THE NUMBER ON|THE SLIP, TRY AGAIN
advice_tomorrow=MORE CASH CAN BE|USED TOMORROW
advice_add_items=ADD ITEMS TO REACH|A WHOLE UNIT
advice_later=NOT DONE NOW|TRY AGAIN LATER
advice_store_credit=STORE CREDIT OR GIFT|CARD. NEVER CASH
"""
