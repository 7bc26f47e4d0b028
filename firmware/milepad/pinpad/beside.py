"""What is answered beside a dialogue: a cashier comes or goes, and what became of a request."""

from milepad import VERSION
from milepad.base.compat import TYPE_CHECKING, const
from milepad.pinpad import conditions, messages
from milepad.pinpad.messages import Answer, Request, Sale

if TYPE_CHECKING:
    from typing import Any

    from milepad.pinpad.service import Service

_MAX_TILLS = const(8)
_MAX_NAME_CHARS = const(24)
_REFERENCE = ("MessageCategory", "SaleID", "ServiceID")  # what is repeated of it


def _login(service: "Service", request: Request) -> Answer:
    """Who the cashier is, in which language, and whether this is practice."""
    sale = Sale(request.body)
    if len(service.tills) >= _MAX_TILLS and request.sale_id not in service.tills:
        return Answer(conditions.NOT_ALLOWED)
    if request.sale_id not in service.tills:  # the first time since power came
        service.notify("Initialised", "", request.sale_id)
    service.tills[request.sale_id] = sale
    if request.sale_id in service.logged_out:
        service.logged_out.remove(request.sale_id)
    if sale.language:
        service.device.terminal.language = sale.language
    return Answer("", None, {"POISystemData": _system(service)})


def _system(service: "Service") -> "dict[str, Any]":
    device = service.device
    return {
        "DateTime": messages.timestamp(device.time.now_s()),
        "POISoftware": {
            "ApplicationName": "Milepad",
            "ManufacturerID": "Milepad",
            "SoftwareVersion": VERSION,
            "CertificationCode": "none",
        },
        "POIStatus": {"GlobalStatus": "OK" if service.is_free else "Busy"},
    }


def _logout(service: "Service", request: Request) -> Answer:
    """The till goes; until its next login it is not served."""
    service.tills.pop(request.sale_id, None)
    if request.sale_id not in service.logged_out:
        service.logged_out = service.logged_out[1 - _MAX_TILLS :] + [request.sale_id]
    return Answer()


def _status(service: "Service", request: Request) -> Answer:
    """What became of an earlier request: its response again, or how far it is."""
    about = request.body.child("MessageReference")
    key = (about.text("SaleID") or request.sale_id, about.text("ServiceID"))
    named = {
        name: about.text(name, _MAX_NAME_CHARS) for name in _REFERENCE if about.has(name)
    }
    reference = {"MessageReference": named} if named else {}
    current = service.current
    if current and (current.request.key == key or (current.request.sale_id, "") == key):
        return Answer(conditions.IN_PROGRESS, None, reference)
    found = service.find(key)
    if found is None:
        service.memory.given_up(service.device, request, about, key)
        return Answer(conditions.NOT_FOUND, None, reference)
    if found.body is None:  # a power cut left it open
        return Answer(conditions.IN_PROGRESS, {"waitsFor": "cashier"}, reference)
    poi_id = request.header["POIID"]
    header = messages.header(found.category, found.key[0], found.key[1], poi_id)
    repeated = messages.response(header, found.category, found.body)
    members = {
        "MessageReference": {
            "MessageCategory": found.category,
            "SaleID": found.key[0],
            "ServiceID": found.key[1],
        },
        "RepeatedMessageResponse": {
            "MessageHeader": repeated.pop("MessageHeader"),
            "RepeatedResponseMessageBody": repeated,
        },
    }
    return Answer("", None, members)


SERVED = {"Login": _login, "Logout": _logout, "TransactionStatus": _status}
