"""Hundreds of dialogues leave no more on the heap than two hundred; a thousand in full."""

from host_tests.conftest import IN_FULL
from host_tests.kit.peer import Peer

ROOM_BYTES = 256  # lists that are a little longer than they were


def test_dialogues_do_not_grow_the_heap() -> None:
    peer = Peer(heap="1M")
    count = 1000 if IN_FULL else 300
    try:
        refused, marks = peer.call("host_tests.on_micropython.pinpad_heap", "grown", count)
    finally:
        peer.close()
    assert refused == 0
    assert len(marks) == count // 100
    assert max(marks[2:]) <= marks[1] + ROOM_BYTES, marks
