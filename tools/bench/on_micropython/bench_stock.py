"""In the bench's ROM image: the same calls in a bare script on MicroPython's own `requests`.

Like everybody's first script: it verifies no certificate, because that library cannot.
The argument is a file as for bench_client, with the request's members beside each call.
"""

import json
import sys

import requests  # type: ignore[import-not-found]


def _run(order):
    platform = order["platform"]
    form = "grant_type=client_credentials&client_id=%s&client_secret=%s"
    reply = requests.post(
        platform["token_url"],
        data=form % (platform["client_id"], platform["client_secret"]),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    bearer = "Bearer " + reply.json()["access_token"]
    reply.close()
    for op, fields in order["calls"]:
        _call(platform["base_url"] + "/checkout/amcash/" + op, op, fields, bearer)


def _call(url, op, fields, bearer):
    headers = {"Authorization": bearer}
    if op != "inquire":
        headers["Idempotency-Key"] = fields["key"]
    reply = requests.post(url, json=fields["members"], headers=headers)
    print(op, reply.status_code, reply.json()["responseCode"])
    reply.close()


def main():
    """Makes the calls."""
    with open(sys.argv[1]) as file:
        order = json.load(file)
    _run(order)
