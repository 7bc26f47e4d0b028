"""English for the cashier's screen. A key is a place in a workflow or a response code.

One text, because a table of a hundred small ones would take twice the heap: a line each,
`key=row`, with "|" where the second row begins.
"""

TEXTS = """
menu_checkout=1 CHECKOUT
menu_balance=2 BALANCE
menu_refund=3 REFUND
menu_more=4 MORE
link_unknown=LINK ?
link_up=LINK OK
link_down=NO LINK
link_login=NO LOGIN
link_testing=TESTING LINK

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
go_on=ENTER=GO ON

redeem=REDEEM
units=%d UNITS %d MILES
unit=%d UNIT %d MILES
unit_price=%dMI=%s %dNOW %sDAY
offer_keys=UP/DOWN ENTER CANCEL

wait_inquire=ASKING AIR MILES
wait_redeem=REDEEMING
wait_reverse=REVERSING
wait_connecting=CONNECTING
wait_waiting=WAITING FOR ANSWER
wait_cancel=CANCEL=STOP
wait_hold=PLEASE WAIT

approved=APPROVED
give_discount=GIVE %s OFF
no_discount=NO DISCOUNT

printing=PRINTING

ledger_warning=NO LEDGER!

starting=STARTING|DÉMARRAGE
fault=FAULT: STARTED AGAIN
storage_failed=STORAGE FAILED
storage_advice=NO REDEMPTION|CALL FOR SERVICE
profile_bad=SETTINGS ARE WRONG
profile_advice=PROVISION AGAIN
no_answer=NO ANSWER
no_refund=DO NOT REFUND YET
unknown_advice=QUOTE %s
not_sent=NOT SENT
try_again=CHECK WI-FI, RETRY
confirmation_is=NO %s
"""
