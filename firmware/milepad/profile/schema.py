"""What may stand in a device's profile: one row for each setting.

Where the platform's specification is silent or contradicts itself, the behaviour is a
setting here, with its default and the reason beside it. What each means to a person is in
`meanings`, which no device loads: at a start, when the heap is fullest, these rows are there.
The example profile and `tools/profile/README.md` are made from both.
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

# (section, key, kind, default, bounds)
SETTINGS: tuple[tuple, ...] = (
    ("network", "ssid", NETWORK, REQUIRED, (1, 32)),
    ("network", "password", WPA_KEY, "", (8, 63)),
    ("platform", "base_url", URL, REQUIRED, ()),
    # Its production host is not published (FACTS 2.3).
    ("platform", "token_url", URL, REQUIRED, ()),
    ("platform", "ca", TEXT, REQUIRED, (1, 200)),
    ("platform", "client_id", TEXT, REQUIRED, (1, 128)),
    ("platform", "client_secret", TEXT, REQUIRED, (1, 256)),
    # How the token service wants to be told who asks is not published; RFC 6749 has both.
    ("platform", "token_auth", CHOICE, "post", TOKEN_AUTHS),
    # Audience, resource and scope are not published, and differ between sibling products.
    ("platform", "audience", TEXT, "", (0, 128)),
    ("platform", "resource", TEXT, "", (0, 200)),
    ("platform", "scope", TEXT, "", (0, 128)),
    ("platform", "connect_s", WHOLE, 10, (1, 60)),
    # The platform's own limit is not published.
    ("platform", "reply_s", WHOLE, 15, (1, 60)),
    # Below the usual keep-alive of servers, 60 s.
    ("platform", "idle_s", WHOLE, 55, (1, 600)),
    ("platform", "token_margin_s", WHOLE, 60, (0, 3600)),
    ("platform", "echo_s", WHOLE, 300, (0, 86400)),
    # Ids differ between request and reply in the published samples (FACTS X13).
    ("platform", "match_trace_id", CHOICE, True, BOOLEAN),
    ("partner", "sponsor_code", ALPHANUMERIC, REQUIRED, (1, 16)),
    ("partner", "store_id", ALPHANUMERIC, REQUIRED, (1, 16)),
    ("partner", "vendor_id", ALPHANUMERIC, REQUIRED, (1, 16)),
    ("partner", "acquirer_id", ALPHANUMERIC, REQUIRED, (1, 16)),
    ("device", "device_id", ALPHANUMERIC, REQUIRED, (1, 16)),
    ("device", "trace_prefix", DIGITS, "", (0, 4)),
    ("cashier", "language", CHOICE, ENGLISH, LANGUAGES),
    ("cashier", "max_basket", DOLLARS, "1000.00", ()),
    ("cashier", "idle_s", WHOLE, 60, (5, 600)),
    # originalPreTaxAmount is optional in the specification.
    ("cashier", "pre_tax", CHOICE, False, BOOLEAN),
    # How long the platform keeps an idempotency key is not published (FACTS 3.4).
    ("cashier", "finish_s", WHOLE, 900, (0, 86400)),
    ("time", "zone", ZONE, REQUIRED, ()),
    # Shops block it, or have their own; the platform's replies are dated as well.
    ("time", "ntp_host", TEXT, "pool.ntp.org", (0, 128)),
    ("time", "reversal_hour", WHOLE, 3, (0, 23)),
    ("time", "day_hour", WHOLE, 0, (0, 23)),
    # No layout of the cards is published (FACTS 8.3).
    ("card", "track", CHOICE, 0, (0, 1, 2)),
    ("card", "prefix", DIGITS, "", (0, 12)),
    ("card", "offset", WHOLE, 0, (-1, 40)),
    ("card", "tail", WHOLE, 0, (0, 40)),
    ("card", "length", WHOLE, 11, (11, 19)),
    ("card", "first_digit", DIGITS, "8", (0, 1)),
    # The rule is from one source, and two documented samples break it (FACTS 8.2).
    ("card", "check_digit", CHOICE, "warn", CHECK_DIGITS),
    ("printer", "columns", CHOICE, 32, (32, 48)),
    ("printer", "code_page", CHOICE, "CP858", CODE_PAGES),
    ("printer", "code_page_number", WHOLE, -1, (-1, 255)),
    ("printer", "baud", CHOICE, 9600, BAUDS),
    ("printer", "status", CHOICE, True, BOOLEAN),
    ("printer", "cutter", CHOICE, False, BOOLEAN),
    ("printer", "store_copy", CHOICE, True, BOOLEAN),
    ("receipt", "header", LINES, [], (6, 48)),
    ("receipt", "footer", LINES, [], (6, 48)),
    ("issuance", "family", CHOICE, "off", FAMILIES),
    ("issuance", "at_checkout", CHOICE, True, BOOLEAN),
    # Nothing published says it; basketPostTaxAmount is what the collector paid (FACTS 6.4).
    ("issuance", "basis", CHOICE, "left_to_pay", BASES),
    # A sale that is keyed has two totals, and the request wants the taxes one by one.
    # A checkout is not slowed down by a second total; a shop that also sells goods without tax
    # has it asked by [cashier] pre_tax. Without rates all tax is sent as HST.
    ("issuance", "taxes", TAXES, [], ()),
    # FACTS 6.4 has four characters, and no word about which places have one.
    ("issuance", "location_code", ALPHANUMERIC, "", (0, 16)),
    ("issuance", "offers", TEXT, "", (0, 200)),
    # How long AIR MILES knows a key is not published: one that is forgotten counts twice.
    ("issuance", "key_hours", WHOLE, 20, (1, 2160)),
    # How old an earning may be when it arrives is not published (FACTS 6.6).
    ("issuance", "queue_hours", WHOLE, 168, (1, 2160)),
    ("issuance", "record_without_card", CHOICE, False, BOOLEAN),
    ("issuance", "calculate", CHOICE, False, BOOLEAN),
    # How a return names its sale is not published (FACTS 6.6).
    ("issuance", "return_id", CHOICE, "own", RETURN_IDS),
    # The list of members ends where the page was cut (FACTS 6.4).
    ("issuance", "send_identity", CHOICE, False, BOOLEAN),
    # Press says that name, currency and unit are about to change (FACTS 12). Of an offer it
    # is the reply's own unit that counts.
    ("programme", "name", TEXT, "AIR MILES", (1, 12)),
    ("programme", "currency_en", WORD, "miles", (1, 7)),
    ("programme", "currency_fr", WORD, "milles", (1, 7)),
    ("programme", "unit_miles", WHOLE, 95, (1, 99999)),
    ("programme", "unit_dollars", WHOLE, 10, (1, 999)),
    ("programme", "balances", CHOICE, 2, (1, 2)),
    ("supervisor", "pin", PIN, "", (4, 8)),
    ("till", "mode", CHOICE, "off", TILL_MODES),
    ("till", "port", WHOLE, 8443, (1, 65535)),
    ("till", "certificate", TEXT, "", (0, 200)),
    ("till", "private_key", TEXT, "", (0, 200)),
    ("till", "passphrase", PASSPHRASE, "", (8, 64)),
    ("till", "key_identifier", TEXT, "", (0, 32)),
    ("till", "key_version", WHOLE, 1, (0, 9999)),
    ("till", "sale_ids", LINES, [], (8, 24)),
    # Pads with one passphrase could be sent what was recorded on the way to another of them.
    ("till", "poi_id", TEXT, "", (0, 24)),
    # A till can be down, and the queue of customers is not.
    ("till", "own_menu", CHOICE, True, BOOLEAN),
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
