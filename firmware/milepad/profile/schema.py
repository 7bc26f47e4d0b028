"""What may stand in a device's profile: one row for each setting.

Where the platform's specification is silent or contradicts itself, the behaviour is a
setting here, with its default and the reason beside it. The meanings stand here and not in
a tool, so that a setting is one row to add: they take 2.5 KiB of a board's flash. The
example profile and README's list are made from these rows.
"""

from milepad.base.vocabulary import ENGLISH, FAMILIES, LANGUAGES

# A kind is a check in `profile.check`. Bounds: the shortest and the longest text, the least
# and the greatest number, or the values of a choice.
TEXT = "text"
ALPHANUMERIC = "alphanumeric"
DIGITS = "digits"
NETWORK = "network"
WPA_KEY = "wpa_key"
URL = "url"
ZONE = "zone"
DOLLARS = "dollars"
LINES = "lines"
WORD = "word"
PIN = "pin"
PASSPHRASE = "passphrase"  # noqa: S105  (the name of a kind)
TAXES = "taxes"
WHOLE = "whole"
CHOICE = "choice"
BOOLEAN = (True, False)
CODE_PAGES = ("CP437", "CP850", "CP858", "CP863", "WPC1252")
BAUDS = (9600, 19200, 38400, 57600, 115200)
TOKEN_AUTHS = ("post", "basic")
CHECK_DIGITS = ("warn", "refuse", "off")
TAX_NAMES = (["HST"], ["GST"], ["GST", "PST"], ["GST", "QST"])  # as provinces have them
BASES = ("left_to_pay", "whole_basket")
RETURN_IDS = ("own", "original")
TILL_MODES = ("off", "serial", "tcp", "https")

REQUIRED = None  # stands where a default would

# (section, key, kind, default, bounds, meaning)
SETTINGS: tuple[tuple, ...] = (
    ("network", "ssid", NETWORK, REQUIRED, (1, 32), "Name of the Wi-Fi network, 2.4 GHz"),
    ("network", "password", WPA_KEY, "", (8, 63),
     "WPA password, or its key; kept apart from the profile on the device"),
    ("platform", "base_url", URL, REQUIRED, (),
     "The platform: cert.airmilesapis.ca to certify, airmilesapis.ca to sell"),
    # Its production host is not published (FACTS 2.3).
    ("platform", "token_url", URL, REQUIRED, (),
     "Where access tokens come from; AIR MILES issues it"),
    ("platform", "ca", TEXT, REQUIRED, (1, 200),
     "Their certificate authorities, one or more, in a PEM file beside this one"),
    ("platform", "client_id", TEXT, REQUIRED, (1, 128), "AIR MILES issues it"),
    ("platform", "client_secret", TEXT, REQUIRED, (1, 256),
     "AIR MILES issues it; kept apart from the profile on the device"),
    # How the token service wants to be told who asks is not published; RFC 6749 has both.
    ("platform", "token_auth", CHOICE, "post", TOKEN_AUTHS,
     "Where the token request has id and secret: its body (post), a header (basic)"),
    # Audience, resource and scope are not published, and differ between sibling products.
    ("platform", "audience", TEXT, "", (0, 128),
     "Asked for with a token, where AIR MILES issues one"),
    ("platform", "resource", TEXT, "", (0, 200),
     "Asked for with a token, where AIR MILES issues one"),
    ("platform", "scope", TEXT, "", (0, 128),
     "Asked for with a token, where AIR MILES issues one"),
    ("platform", "connect_s", WHOLE, 10, (1, 60), "Seconds for connecting, TLS included"),
    # The platform's own limit is not published.
    ("platform", "reply_s", WHOLE, 15, (1, 60), "Seconds for the whole answer"),
    # Below the usual keep-alive of servers, 60 s.
    ("platform", "idle_s", WHOLE, 55, (1, 600),
     "A kept connection is closed after so long; below the server's own"),
    ("platform", "token_margin_s", WHOLE, 60, (0, 3600),
     "A token is renewed so long before it expires; at most half of its life"),
    ("platform", "echo_s", WHOLE, 300, (0, 86400),
     "ECHO while idle, every so many seconds; 0 for never"),
    # Ids differ between request and reply in the published samples (FACTS X13).
    ("platform", "match_trace_id", CHOICE, True, BOOLEAN,
     "A reply that names another trace id than its request is not taken"),
    ("partner", "sponsor_code", ALPHANUMERIC, REQUIRED, (1, 16), "AIR MILES issues it"),
    ("partner", "store_id", ALPHANUMERIC, REQUIRED, (1, 16), "The shop's own number"),
    ("partner", "vendor_id", ALPHANUMERIC, REQUIRED, (1, 16),
     "AIR MILES issues it; settlement goes by it"),
    ("partner", "acquirer_id", ALPHANUMERIC, REQUIRED, (1, 16), "AIR MILES issues it"),
    ("device", "device_id", ALPHANUMERIC, REQUIRED, (1, 16),
     "Unlike every other device of the store"),
    ("device", "trace_prefix", DIGITS, "", (0, 4),
     "First digits of its trace ids; none: made from store and device"),
    ("cashier", "language", CHOICE, ENGLISH, LANGUAGES,
     "Language of the screen, and of slips until a key changes it"),
    ("cashier", "max_basket", DOLLARS, "1000.00", (),
     "A larger total is refused: one digit too many is noticed"),
    ("cashier", "idle_s", WHOLE, 60, (5, 600),
     "Nothing keyed for so long: back to the idle screen"),
    # originalPreTaxAmount is optional in the specification.
    ("cashier", "pre_tax", CHOICE, False, BOOLEAN, "Asks for the total before tax as well"),
    # How long the platform keeps an idempotency key is not published (FACTS 3.4).
    ("cashier", "finish_s", WHOLE, 900, (0, 86400),
     "How long an interrupted request may still be sent again"),
    ("time", "zone", ZONE, REQUIRED, (),
     "The store's offset and its daylight time, in POSIX form"),
    # Shops block it, or have their own; the platform's replies are dated as well.
    ("time", "ntp_host", TEXT, "pool.ntp.org", (0, 128),
     "Name or address of the time server; none: only the platform is asked"),
    ("time", "reversal_hour", WHOLE, 3, (0, 23),
     "Redemptions can be reversed until this hour of the platform's clock"),
    ("time", "day_hour", WHOLE, 0, (0, 23),
     "The day of the reports begins at this hour of the store's clock"),
    # No layout of the cards is published (FACTS 8.3).
    ("card", "track", CHOICE, 0, (0, 1, 2),
     "The track that holds the number; 0: whichever does"),
    ("card", "prefix", DIGITS, "", (0, 12), "Digits in front of the number on the card"),
    ("card", "offset", WHOLE, 0, (-1, 40),
     "Digits to drop after the prefix; -1: the number stands last"),
    ("card", "tail", WHOLE, 0, (0, 40), "Digits after the number that are not part of it"),
    ("card", "length", WHOLE, 11, (11, 19), "Digits of a collector number"),
    ("card", "first_digit", DIGITS, "8", (0, 1),
     "First digit of a collector number; none: any"),
    # The rule is from one source, and two documented samples break it (FACTS 8.2).
    ("card", "check_digit", CHOICE, "warn", CHECK_DIGITS,
     "What is done where the check digit, modulus 11, is wrong"),
    ("printer", "columns", CHOICE, 32, (32, 48),
     "Letters on a line of the slip: 32 for 58 mm paper, 48 for 80 mm"),
    ("printer", "code_page", CHOICE, "CP858", CODE_PAGES,
     "Where the printer's letters stand"),
    ("printer", "code_page_number", WHOLE, -1, (-1, 255),
     "The printer's own number of that page; -1: Epson's"),
    ("printer", "baud", CHOICE, 9600, BAUDS, "Speed of the printer's serial line"),
    ("printer", "status", CHOICE, True, BOOLEAN,
     "It answers DLE EOT (paper out, cover open)"),
    ("printer", "cutter", CHOICE, False, BOOLEAN, "It cuts the paper"),
    ("printer", "store_copy", CHOICE, True, BOOLEAN, "A second slip for the shop's drawer"),
    ("receipt", "header", LINES, [], (6, 48),
     "Lines above every slip: the shop's name and address"),
    ("receipt", "footer", LINES, [], (6, 48), "Lines below every slip"),
    ("issuance", "family", CHOICE, "off", FAMILIES,
     "Who computes the miles of a sale: the platform (amrp), the device (partner)"),
    ("issuance", "at_checkout", CHOICE, True, BOOLEAN,
     "A checkout earns with the same card, after its redemption"),
    # Nothing published says it; basketPostTaxAmount is what the collector paid (FACTS 6.4).
    ("issuance", "basis", CHOICE, "left_to_pay", BASES,
     "What a checkout that redeemed earns on"),
    # A sale that is keyed has two totals, and the request wants the taxes one by one.
    # A checkout is not slowed down by a second total; a shop that also sells goods without tax
    # has it asked by [cashier] pre_tax. Without rates all tax is sent as HST.
    ("issuance", "taxes", TAXES, [], (),
     "Taxes in percent, for a checkout's total before tax; none: it is asked"),
    # FACTS 6.4 has four characters, and no word about which places have one.
    ("issuance", "location_code", ALPHANUMERIC, "", (0, 16),
     "AIR MILES issues it; none: the store_id"),
    ("issuance", "offers", TEXT, "", (0, 200),
     "The shop's earning rules, a TOML file beside this one (partner)"),
    # How old an earning may be when it arrives is not published (FACTS 6.6).
    ("issuance", "queue_hours", WHOLE, 168, (1, 2160),
     "An earning that has waited longer is sent only when a person says so"),
    ("issuance", "record_without_card", CHOICE, False, BOOLEAN,
     "Sales without a card are sent too, as RECORD"),
    ("issuance", "calculate", CHOICE, False, BOOLEAN,
     "Shows the miles of a keyed sale before they are issued, by CALCULATE (amrp)"),
    # How a return names its sale is not published (FACTS 6.6).
    ("issuance", "return_id", CHOICE, "own", RETURN_IDS,
     "The transaction id of a return: its own, or its sale's"),
    # The list of members ends where the page was cut (FACTS 6.4).
    ("issuance", "send_identity", CHOICE, False, BOOLEAN,
     "Sends sponsor_code, store_id and vendor_id with every earning"),
    # Press says that name, currency and unit are about to change (FACTS 12). Of an offer it
    # is the reply's own unit that counts.
    ("programme", "name", TEXT, "AIR MILES", (1, 12), "As slips and screens call it"),
    ("programme", "currency_en", WORD, "miles", (1, 7), "What is earned, in English"),
    ("programme", "currency_fr", WORD, "milles", (1, 7), "What is earned, in French"),
    ("programme", "unit_miles", WHOLE, 95, (1, 99999),
     "Miles of a unit, where the reply names none"),
    ("programme", "unit_dollars", WHOLE, 10, (1, 999),
     "Dollars of a unit, where the reply names none"),
    ("programme", "balances", CHOICE, 2, (1, 2),
     "Balances of a collector: 2 for Cash and Dream, 1 for a single one"),
    ("supervisor", "pin", PIN, "", (4, 8),
     "Asked for before what only a supervisor may do; none: not asked"),
    ("till", "mode", CHOICE, "off", TILL_MODES,
     "What a till drives this PIN pad over; off: nothing, it is a handheld"),
    ("till", "port", WHOLE, 8443, (1, 65535), "TCP port that it listens on (tcp, https)"),
    ("till", "certificate", TEXT, "", (0, 200),
     "What the pad shows over https (RSA or ECDSA), in a PEM file beside this one"),
    ("till", "private_key", TEXT, "", (0, 200),
     "The certificate's key, in a PEM file beside this one; kept apart on the device"),
    ("till", "passphrase", PASSPHRASE, "", (8, 64),
     "Till and pad derive their keys from it; the device keeps only these, apart"),
    ("till", "key_identifier", TEXT, "", (0, 32), "What the till calls that key"),
    ("till", "key_version", WHOLE, 1, (0, 9999), "And which version of it"),
    ("till", "sale_ids", LINES, [], (8, 24),
     "The tills that may ask, by their SaleID; none: any"),
    # A till can be down, and the queue of customers is not.
    ("till", "own_menu", CHOICE, True, BOOLEAN,
     "The keys of the pad's own menu work beside the till"),
)  # fmt: skip

# Settings that a profile of an older version may still hold: passed over, not refused, so
# that a device keeps working when only its firmware is renewed.
RETIRED = (("time", "platform_offset_min"),)


def sections() -> list[str]:
    """The names of the sections, in the order of the table."""
    found: list[str] = []
    for row in SETTINGS:
        if row[0] not in found:
            found.append(row[0])
    return found
