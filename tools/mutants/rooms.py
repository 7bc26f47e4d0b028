"""Which modules are mutated, and which tests have to notice."""

from pathlib import Path

FIRMWARE = Path("firmware/milepad")
# Each module that money depends on, and the tests that have to notice.
TESTS = {
    "amcash/response_codes.py": "host_tests/amcash host_tests/workflows/test_every_code.py",
    "amcash/moved.py": "host_tests/amcash host_tests/workflows/test_odd_approvals.py",
    "amcash/offer.py": "host_tests/amcash",
    "amcash/replies.py": "host_tests/amcash",
    "base/json_body.py": "host_tests/amcash host_tests/issuance",
    "base/money.py": "host_tests/base host_tests/profile host_tests/issuance",
    "base/request.py": "host_tests/amcash host_tests/issuance",
    "card/collector_number.py": "host_tests/card",
    "issuance/basket.py": "host_tests/issuance",
    "issuance/offers.py": "host_tests/issuance",
    "issuance/replies.py": "host_tests/issuance",
    "issuance/requests.py": "host_tests/issuance",
    "issuance/rules.py": "host_tests/issuance",
    "issuance/taxes.py": "host_tests/issuance",
    "ledger/entries.py": "host_tests/ledger/test_entries.py",
    "ledger/ledger.py": "host_tests/ledger",
    "ledger/stores/littlefs.py": "host_tests/ledger",
    "ledger/stores/ring.py": "host_tests/ledger",
    "ledger/stores/small_files.py": "host_tests/ledger",
    "link/client.py": "host_tests/link/test_client.py",
    "link/retry.py": "host_tests/link/test_session.py",
    "link/session.py": "host_tests/link/test_session.py",
    "link/token.py": "host_tests/link/test_token.py",
    "pinpad/kept.py": "host_tests/pinpad/test_kept.py host_tests/pinpad/test_power_cuts.py",
    "pinpad/moving.py": "host_tests/pinpad/test_redemption.py",
    "pinpad/protection.py": "host_tests/pinpad/test_protection.py",
    "pinpad/redemption.py": "host_tests/pinpad/test_redemption.py",
    "pinpad/refunds.py": "host_tests/pinpad/test_service.py host_tests/pinpad/test_awards.py",
    "pinpad/settle.py": "host_tests/pinpad/test_settle.py host_tests/pinpad/test_power_cuts.py",
    "workflows/supervisor.py": "host_tests/workflows/test_supervisor.py",
    "workflows/recover.py": "host_tests/workflows",
    "workflows/refund.py": "host_tests/workflows",
    "transactions/transactions.py": "host_tests/workflows",
}
