"""What a text from outside consists of. ASCII only: str.isdigit and its like know more."""


def digits_only(text: str) -> bool:
    """Whether `text` is one or more of the digits 0-9 and nothing else."""
    return bool(text) and all("0" <= c <= "9" for c in text)


def letters_or_digits(text: str) -> bool:
    """Whether `text` is one or more of A-Z, a-z and 0-9; upper() would turn "ß" into "SS"."""
    return bool(text) and all(
        "0" <= c <= "9" or "A" <= c <= "Z" or "a" <= c <= "z" for c in text
    )


def is_printable(text: str) -> bool:
    """Whether `text` is empty or printable ASCII, spaces included."""
    return all(" " <= c <= "~" for c in text)


def printable(text: str, limit: int) -> str:
    """The first `limit` characters, with "?" for each that is not printable ASCII."""
    return "".join([c if " " <= c <= "~" else "?" for c in text[:limit]])
