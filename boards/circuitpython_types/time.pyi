# CircuitPython's `time`: it counts from 1970 and knows no time before 2000.
from collections.abc import Sequence

class struct_time(tuple[int, ...]):
    def __new__(cls, time_tuple: Sequence[int]) -> struct_time: ...
    tm_year: int
    tm_mon: int
    tm_mday: int
    tm_hour: int
    tm_min: int
    tm_sec: int
    tm_wday: int
    tm_yday: int
    tm_isdst: int

def localtime(secs: int | None = ...) -> struct_time: ...  # OverflowError before 2000
def mktime(
    t: struct_time | tuple[int, ...],
) -> int: ...  # of nine; OverflowError before 2000
def monotonic() -> float: ...
def monotonic_ns() -> int: ...
def sleep(seconds: float) -> None: ...
def time() -> int: ...
