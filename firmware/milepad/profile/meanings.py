"""What each setting of `profile.schema` means, for the example profile and the list of settings.

The tools read it; a board's build leaves it out.
"""

MEANINGS: dict[str, dict[str, str]] = {
    "network": {
        "ssid": "Name of the Wi-Fi network, 2.4 GHz",
        "password": "WPA password, or its key; kept apart from the profile on the device",
    },
    "platform": {
        "base_url":
            "The platform: cert.airmilesapis.ca to certify, airmilesapis.ca to sell",
        "token_url": "Where access tokens come from; AIR MILES issues it",
        "ca": "Their certificate authorities, one or more, in a PEM file beside this one",
        "client_id": "AIR MILES issues it",
        "client_secret": "AIR MILES issues it; kept apart from the profile on the device",
        "token_auth":
            "Where the token request has id and secret: its body (post), a header (basic)",
        "audience": "Asked for with a token, where AIR MILES issues one",
        "resource": "Asked for with a token, where AIR MILES issues one",
        "scope": "Asked for with a token, where AIR MILES issues one",
        "connect_s": "Seconds for connecting, TLS included",
        "reply_s": "Seconds for the whole answer",
        "idle_s": "A kept connection is closed after so long; below the server's own",
        "token_margin_s":
            "A token is renewed so long before it expires; at most half of its life",
        "echo_s": "ECHO while idle, every so many seconds, sooner after a failure; 0 for never",
        "match_trace_id":
            "A reply that names another trace id than its request is not taken",
    },
    "partner": {
        "sponsor_code": "AIR MILES issues it",
        "store_id": "The shop's own number",
        "vendor_id": "AIR MILES issues it; settlement goes by it",
        "acquirer_id": "AIR MILES issues it",
    },
    "device": {
        "device_id": "Unlike every other device of the store",
        "trace_prefix": "First digits of its trace ids; none: made from store and device",
    },
    "cashier": {
        "language": "Language of the screen, and of slips until a key changes it",
        "max_basket": "A larger total is refused: one digit too many is noticed",
        "idle_s": "Nothing keyed for so long: back to the idle screen",
        "pre_tax": "Asks for the total before tax as well",
        "finish_s": "How long an interrupted request may still be sent again",
    },
    "time": {
        "zone": "The store's offset and its daylight time, in POSIX form",
        "ntp_host": "Name or address of the time server; none: only the platform is asked",
        "reversal_hour":
            "Redemptions can be reversed until this hour of the platform's clock",
        "day_hour": "The day of the reports begins at this hour of the store's clock",
    },
    "card": {
        "track": "The track that holds the number; 0: whichever does",
        "prefix": "Digits in front of the number on the card",
        "offset": "Digits to drop after the prefix; -1: the number stands last",
        "tail": "Digits after the number that are not part of it",
        "length": "Digits of a collector number",
        "first_digit": "First digit of a collector number; none: any",
        "check_digit": "What is done where the check digit, modulus 11, is wrong",
    },
    "printer": {
        "columns": "Letters on a line of the slip: 32 for 58 mm paper, 48 for 80 mm",
        "code_page": "Where the printer's letters stand",
        "code_page_number": "The printer's own number of that page; -1: Epson's",
        "baud": "Speed of the printer's serial line",
        "status": "It answers DLE EOT (paper out, cover open)",
        "cutter": "It cuts the paper",
        "store_copy": "A second slip for the shop's drawer",
    },
    "receipt": {
        "header": "Lines above every slip: the shop's name and address",
        "footer": "Lines below every slip",
    },
    "issuance": {
        "family":
            "Who computes the miles of a sale: the platform (amrp), the device (partner)",
        "at_checkout": "A checkout earns with the same card, after its redemption",
        "basis": "What a checkout that redeemed earns on",
        "taxes": "Taxes in percent, for a checkout's total before tax; none: it is asked",
        "location_code": "AIR MILES issues it; none: the store_id",
        "offers": "The shop's earning rules, a TOML file beside this one (partner)",
        "key_hours":
            "An earning without an answer is sent again for so long; then a person decides",
        "queue_hours":
            "An earning that has waited longer is sent only when a person says so",
        "record_without_card": "Sales without a card are sent too, as RECORD",
        "calculate":
            "Shows the miles of a keyed sale before they are issued, by CALCULATE (amrp)",
        "return_id": "The transaction id of a return: its own, or its sale's",
        "send_identity": "Sends sponsor_code, store_id and vendor_id with every earning",
    },
    "programme": {
        "name": "As slips and screens call it",
        "currency_en": "What is earned, in English",
        "currency_fr": "What is earned, in French",
        "unit_miles": "Miles of a unit, where the reply names none",
        "unit_dollars": "Dollars of a unit, where the reply names none",
        "balances": "Balances of a collector: 2 for Cash and Dream, 1 for a single one",
    },
    "supervisor": {
        "pin": "Asked for before what only a supervisor may do; none: not asked",
    },
    "till": {
        "mode": "What a till drives this PIN pad over; off: nothing, it is a handheld",
        "port": "TCP port that it listens on (tcp, https)",
        "certificate":
            "What the pad shows over https (RSA or ECDSA), in a PEM file beside this one",
        "private_key":
            "The certificate's key, in a PEM file beside this one; kept apart on the device",
        "passphrase":
            "Till and pad derive their keys from it; the device keeps only these, apart",
        "key_identifier": "What the till calls that key",
        "key_version": "And which version of it",
        "sale_ids": "The tills that may ask, by their SaleID; none: any",
        "poi_id": "The POIID that a till's messages have to name; none: any",
        "own_menu": "The keys of the pad's own menu work beside the till",
    },
}  # fmt: skip
