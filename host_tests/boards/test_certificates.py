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
from milepad.link.validity import first_end, validity

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
    assert validity(memoryview(der(first, last))) == expected


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


@given(st.lists(moments, min_size=1, max_size=3))
def test_the_first_end_of_several_roots_counts(ends: list[datetime]) -> None:
    roots = b"".join(der(datetime(1970, 1, 2, tzinfo=UTC), end) for end in ends)
    assert first_end(roots) == int(min(ends).timestamp())


@pytest.mark.parametrize("raw", [b"", b"0", b"\x30\x82", b"\x30\x82\x01\x00" + bytes(256)])
def test_of_what_is_no_certificate_no_end_is_known(raw: bytes) -> None:
    assert first_end(raw) == 0
