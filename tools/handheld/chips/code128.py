"""CODE128 as a printer makes it: `GS k 73` data become code words, code words become bars.

ISO/IEC 15417. Pure; the paper draws the bars, the printer checks that they fit.
"""

from __future__ import annotations

START = {"A": 103, "B": 104, "C": 105}
_SWITCH = {"A": 101, "B": 100, "C": 99}
_STOP = 106
QUIET_MODULES = 10  # on each side

# Widths of bar, space, bar, ... of the code words 0-106.
_WIDTHS = (  # noqa: SIM905 - a table is easier to check against the standard
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 "
    "112232 122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 "
    "311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 "
    "112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 "
    "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 "
    "314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 "
    "122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 "
    "124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 "
    "114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112"
).split()


class Code128Error(ValueError):
    """The printer would print nothing for these data."""


def _value(code_set: str, code: int) -> int:
    """The code word of one data byte."""
    if code_set == "C" and code < 100:
        return code
    if code_set in "AB" and 0x20 <= code < (0x60 if code_set == "A" else 0x80):
        return code - 0x20
    if code_set == "A" and code < 0x20:
        return code + 64
    raise Code128Error(f"0x{code:02X} is not in code set {code_set}")


def _function(code_set: str, mark: str) -> int:
    words = {"1": 102, "2": 97, "3": 96, "4": 101 if code_set == "A" else 100, "S": 98}
    if mark not in words or (code_set == "C" and mark != "1"):
        raise Code128Error(f"{{{mark} means nothing in code set {code_set}")
    return words[mark]


def parse(raw: bytes) -> tuple[list[int], str]:
    """The code words (start, data, check, stop) and the readable text of `GS k 73` data.

    `raw` begins with {A, {B or {C; "{{" is a brace. Code128Error for anything else.
    """
    if len(raw) < 3 or raw[:1] != b"{" or chr(raw[1]) not in START:
        raise Code128Error("data begin with {A, {B or {C and hold at least one character")
    code_set = chr(raw[1])
    words, text, at = [START[code_set]], "", 2
    while at < len(raw):
        code = raw[at]
        at += 1
        if code == 0x7B:
            mark = chr(raw[at]) if at < len(raw) else ""
            at += 1
            if mark in _SWITCH:
                words.append(_SWITCH[mark])
                code_set = mark
                continue
            if mark != "{":
                words.append(_function(code_set, mark))
                continue
        words.append(_value(code_set, code))
        text += f"{code:02d}" if code_set == "C" else chr(code)
    check = (words[0] + sum(n * word for n, word in enumerate(words))) % 103
    return [*words, check, _STOP], text


def modules(words: list[int]) -> str:
    """The symbol as a string of modules, "1" a bar and "0" a space, without quiet zones."""
    bars = ""
    for word in words:
        for n, width in enumerate(_WIDTHS[word]):
            bars += "10"[n % 2] * int(width)
    return bars
