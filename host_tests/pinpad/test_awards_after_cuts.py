"""After a power cut a till's sale earns when the till asks, and never because the pad asked."""

from host_tests.kit.pad import account, loyalty
from host_tests.kit.virtual_time import story
from host_tests.pinpad.test_awards import award, pad_that_earns, sent


@story
async def test_after_a_cut_the_pad_does_not_ask_what_the_till_will_ask_for() -> None:
    pad = pad_that_earns()
    await pad.start()
    await pad.redeemed("s1")
    pad.cut()
    await pad.start()
    assert "EARN ON" not in pad.screens
    await pad.ask("Loyalty", award("3.35"))
    assert [each["basketPostTaxAmount"] for each in sent(pad)] == [3.35]


@story
async def test_a_till_s_redemption_that_was_finished_on_the_pad_earns_when_the_till_asks() -> (
    None
):
    pad = pad_that_earns()
    await pad.start()
    pad.asks("Loyalty", loyalty("Redemption", value="40.00", data=account()), "s1")
    await pad.sees("ENTER=YES")
    await pad.press("ENTER")
    await pad.sees("WAITING")
    pad.cut()
    pad.begin("menu", "look back")
    await pad.sees("INTERRUPTED")
    await pad.press("7")
    await pad.sees("APPROVED", "ENTER")
    await pad.press("ENTER")
    await pad.sees("TILL")
    assert ("EARN ON" in pad.screens, sent(pad)) == (False, [])


@story
async def test_the_pad_s_own_checkout_beside_the_till_is_asked_about_after_a_cut() -> None:
    pad = pad_that_earns()
    await pad.start()
    await pad.press("ENTER")
    await pad.sees("CHECKOUT", "BALANCE")
    await pad.press("1")
    await pad.sees("TOTAL WITH TAX")
    await pad.press("4335", "ENTER")
    await pad.sees("CARD")
    await pad.swipe()
    await pad.sees("REDEEM", "UP/DOWN")
    await pad.press("ENTER")
    await pad.sees("WAITING")
    pad.cut()
    pad.begin("menu", "look back")
    await pad.sees("INTERRUPTED")
    await pad.press("7")
    await pad.sees("APPROVED", "ENTER")
    await pad.press("ENTER")
    await pad.sees("EARN ON $3.35?")
