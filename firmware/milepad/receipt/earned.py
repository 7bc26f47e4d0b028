"""What a slip says of an earning: what was added, what will be, what was not accepted.

Facts beside those of `layout`:

- `kind`: "earning" (of a sale), "return" (what a sale has earned is taken back), or "event"
  (miles without a sale); `taking`: True for an event that takes miles back
- `earning`: DONE, LATER (it is in the queue, or the platform has accepted it and will post
  it), REFUSED (it waits for a person) or UNKNOWN (a copy of it may have counted); on a
  redemption's slip as well, when its checkout has earned
- `earning_trace_id`: of the earning, on a redemption's slip
- `earned_miles`: how many, where the reply or the rules say so; None: not known
- `earned_on_cents`: what the sale has earned on, where that is not its whole basket
- `pre_tax_cents`, `basket_cents`: of the sale, or of the part that came back
- `sale_number`: of a return, the trace id of what was sold; `reason`: of an event

The trace id of an earning is its barcode: a return finds the sale by it. A redemption's slip
has its confirmation number in bars already, which finds the sale as well; a return and an
event have none, for there is nothing to be returned of them.
"""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.vocabulary import DONE, LATER, REFUSED, UNKNOWN
from milepad.receipt.escpos import BARCODE, BOLD, CENTER

if TYPE_CHECKING:
    from milepad.receipt.paper import Slip
    from milepad.receipt.protocols import Facts

KINDS = ("earning", "return", "event")
# Words of what is not done yet begin so.
_NOT_YET = {DONE: "", LATER: "later_"}


def title(facts: "Facts") -> str:
    """The key of such a slip's title."""
    state = facts.get("earning") or DONE
    if state == REFUSED:
        return "not_accepted"
    if state == UNKNOWN:
        return UNKNOWN
    return _NOT_YET[state] + ("taken" if _is_taken(facts) else "earned")


def _is_taken(facts: "Facts") -> bool:
    return facts["kind"] == "return" or bool(facts.get("taking"))


def body(slip: "Slip") -> None:
    """What stands below the head of a slip of one of `KINDS`."""
    facts = slip.facts
    slip.fields("sale_number", "pre_tax_cents", "basket_cents")
    slip.lines(facts.get("reason"))
    slip.gap()
    part(slip)
    if facts["kind"] == "earning" and facts.get("earning") in _NOT_YET:
        slip.elements.append((BARCODE, facts.get("trace_id") or ""))
        slip.word("keep_earning", CENTER)
    slip.gap()


def part(slip: "Slip") -> None:
    """What became of the miles, as a number or as a sentence; nothing where none were asked."""
    facts = slip.facts
    state = facts.get("earning")
    if state is None:
        return
    slip.fields("earned_on_cents")
    if state in (REFUSED, UNKNOWN):
        slip.word("refused_miles" if state == REFUSED else "unknown_earning", BOLD)
        slip.lines(facts.get("earning_trace_id") or facts.get("trace_id"), CENTER | BOLD)
    elif facts.get("earned_miles") is not None:
        key = "count_taken" if _is_taken(facts) else "count_earned"
        slip.count(_NOT_YET[state] + key, facts["earned_miles"], BOLD)
    else:
        key = "some_taken" if _is_taken(facts) else "some_earned"
        slip.word(_NOT_YET[state] + key)
    slip.gap()
