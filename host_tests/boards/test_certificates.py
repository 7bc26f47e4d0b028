"""The simulated chip reads a certificate's dates as the certificate's maker wrote them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from boards.simulator import certificates

AUTHORITY = trustme.CA()
moments = st.datetimes(datetime(1971, 1, 1), datetime(2999, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)


def der(first: datetime, last: datetime) -> bytes:
    leaf = AUTHORITY.issue_cert("localhost", not_before=first, not_after=last)
    pem = leaf.cert_chain_pems[0].bytes()
    return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)


@given(moments, moments)
def test_the_dates_are_read(one: datetime, other: datetime) -> None:
    first, last = sorted((one, other))
    expected = (int(first.timestamp()), int(last.timestamp()))
    assert certificates.validity(memoryview(der(first, last))) == expected


@pytest.mark.parametrize(
    ("now", "is_good"),
    [
        ("2025-12-31", False),
        ("2026-01-01", True),
        ("2026-02-01", True),
        ("2026-02-02", False),
    ],
)
def test_a_certificate_is_good_from_its_first_to_its_last_second(
    monkeypatch: pytest.MonkeyPatch, now: str, is_good: bool
) -> None:
    raw = der(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))
    now_s = int(datetime.fromisoformat(now).replace(tzinfo=UTC).timestamp())
    monkeypatch.setattr(certificates, "unix_time", lambda: now_s)
    assert (certificates.check(memoryview(raw), 0) == 0) is is_good
