"""How wide a text is on a terminal, and what of it may be written there."""

import unicodedata

_TAB = "    "


def caret(line: str, start: int, stop: int | None) -> str:
    """What stands under a line: spaces up to the place `[start, stop)`, carets below it; None means to the end."""
    stop = len(line.rstrip()) if stop is None else stop
    return " " * columns(visible(line[:start])) + "^" * max(columns(visible(line[start:stop])), 1)


def visible(text: str) -> str:
    """A line of code as a terminal can show it: tabs are four spaces, other control characters have their picture."""
    if text.isprintable():
        return text
    return "".join(_TAB if one == "\t" else _picture(one) for one in text)


def _picture(character: str) -> str:
    if unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp"):
        return character
    code = ord(character)
    return chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else "�"


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
