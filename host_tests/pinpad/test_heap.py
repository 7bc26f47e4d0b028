"""A thousand dialogues leave no more on the heap than a hundred."""

from host_tests.kit.peer import Peer

ROOM_BYTES = 256  # lists that are a little longer than they were


def test_a_thousand_dialogues_do_not_grow_the_heap() -> None:
    peer = Peer(heap="1M")
    try:
        refused, marks = peer.call("host_tests.on_micropython.pinpad_heap", "grown", 1000)
    finally:
        peer.close()
    assert refused == 0
    assert len(marks) == 10
    assert max(marks[2:]) <= marks[1] + ROOM_BYTES, marks
