"""Who the device is, as the AM Cash API library's own samples have it; on both Pythons."""

PARTNER = {
    "sponsor_code": "LOY1",
    "store_id": "0001",
    "vendor_id": "100087",
    "acquirer_id": "100000",
}
DEVICE = {"device_id": "001"}
IDENTITY = {"partner": PARTNER, "device": DEVICE}
