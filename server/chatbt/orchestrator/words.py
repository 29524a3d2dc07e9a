"""The words of a text, as the index counts them: without endings, with what they mean, and with what code says.

A sign or a short stretch of code is a word too: `+=`, `pop(`, `.keys`, `[0]`. So is what a group of words has in
common: "slow" and "takes ages" are about speed, "dict" and "mapping" about dicts.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

_TOKEN = re.compile(
    r"[a-z]+\d{3,5}\b"  # a linter's code
    r"|[^\W\d_]+(?:'t\b)?|\d+"
    r"|\[-?\d+\]|\[:?\w*:?\]|\(\)|\{\w*\}|%-?[\d.]*[sdfrx]\b|[-+*/|&:=!<>]=|\*\*|->|=>|\.\.\.|[.@(\[={%+*/<>]"
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_WORD = re.compile(r"[A-Za-z]+\d{3,5}\b|[^\W\d_]+")
_SIGNS = frozenset("( [ = . @ { % + * / < >".split())

STOP = frozenset(
    "a am an and any are as at b be been being but by c can could d did do does doing don't done e f for from get "
    "gets getting got had has have having he her hers his how i i'm if in into is isn't it its just k let like make "
    "makes may me might my n no not of off ok on one only or our out over please python really s same say says she "
    "should so some somebody someone something still such t than that the their them then there these they thing "
    "things this those to too up us use used uses using v very want was way we well were what whats when where "
    "which while who why will with would x y yes you your z".split()
)

_MEANING = {
    "dict": "dict dictionary dictionaries mapping map hash hashmap lookup keys",
    "list": "list lists array arrays sequence",
    "loop": "loop loops looping iterate iterates iterating iteration foreach round rounds walk traverse cycle",
    "speed": "slow slower slowly fast faster quick quicker quickly speed performance efficient inefficient minutes"
    " hours ages forever wasteful crawl bottleneck profiling quadratic long expensive",
    "short": "short shorter shorten concise concisely oneliner compact less fewer verbose boilerplate clumsy typing",
    "nice": "nicer nice ugly clean cleaner pythonic elegant idiomatic readable better beautiful tidy",
    "error": "error errors exception exceptions failure traceback crash crashes raise raises raised throws thrown",
    "catch": "catch catches caught except handler handle handles handled handling",
    "hide": "swallow swallowed hide hides hidden silent silently ignore ignores ignored suppress suppressed vanish"
    " vanishes disappear disappears lost eaten unnoticed",
    "remove": "remove removes removed removing delete deletes deleted deleting del drop discard",
    "empty": "empty emptiness nothing zero blank missing absent",
    "text": "string strings str text texts message sentence",
    "join": "concatenate concatenation concat join joining glue plus together combine",
    "check": "check checks checking test tests testing verify whether determine",
    "path": "folder folders directory directories path paths",
    "file": "file files",
    "function": "function functions method methods func procedure routine def",
    "class": "class classes object objects instance instances",
    "same": "identical equal equals equality duplicate duplicates duplicated twice repeated repeats",
    "share": "share shared sharing shares both all every everyone alias aliases linked",
    "condition": "condition conditions if elif conditional branch branches",
    "never": "never doesnt doesn't nothing no-op effect",
    "always": "always every whatever everything anything",
    "count": "count counts counting counter tally often frequency frequencies occurrences occur occurs times",
    "first": "first earliest leading front head",
    "big": "big huge large giant gb million millions thousands 100k",
    "hang": "hang hangs hanging stuck freeze freezes frozen blocks blocked blocking unresponsive waits waiting forever",
    "old": "old outdated deprecated legacy obsolete fashioned modern today nowadays newer replacement removed",
    "order": "sort sorts sorted sorting order ordered rank ranking",
    "largest": "max maximum largest biggest highest greatest most longest newest latest top",
    "smallest": "min minimum smallest lowest least cheapest shortest oldest",
    "chunk": "chunk chunks batch batches portion portions piece pieces block blocks bunches groups pages",
    "neighbour": "neighbour neighbours neighbor neighbors neighbouring adjacent consecutive successive previous next"
    " pair pairs",
    "copy": "copy copies copied copying",
    "twice": "second again once twice",
    "boolean": "true false boolean bool truthy falsy flag",
    "none": "none null nil nonetype",
    "async": "async asyncio await awaited coroutine coroutines event",
    "time": "time duration elapsed stopwatch measure measuring benchmark timing seconds",
    "zone": "timezone timezones zone zones utc tz offset",
    "log": "log logs logging logger logged",
    "command": "command commands shell subprocess system script program process",
    "position": "index indices indexes position positions number",
    "several": "several multiple many various different more",
    "parallel": "parallel simultaneously simultaneous alongside side",
    "default": "default defaults fallback otherwise",
    "average": "average avg median",
    "cache": "cache caches cached caching memoize memoise memoization remember remembers recompute"
    " recalculated recomputed",
    "nested": "nested nesting indentation indented deep deeply inner flat flatten flattened levels",
    "member": "member membership contains contain in lookup",
    "close": "close closed closes closing release released cleanup clean handle leak leaks",
    "constructor": "constructor __init__ init fields attributes attribute",
}


@cache
def _meanings() -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for meaning, words in _MEANING.items():
        for word in words.split():
            found = table.setdefault(stem(word), [])
            if f"~{meaning}" not in found:
                found.append(f"~{meaning}")
    return table


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """A word without the endings that grammar gives it."""
    if len(word) <= 3 or not word.isascii():
        return word
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("sses", "shes", "ches", "xes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed", "ly", "ion", "er", "or"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls":
                word = word[:-1]
            break
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


def words(text: str, *, pairs: bool = True) -> list[str]:
    """The words of a text in their order, signs of code among them; with `pairs` those that stand side by side too."""
    return list(_words(text, pairs=pairs))


def _words(text: str, *, pairs: bool) -> Iterator[str]:
    before, sign = "", ""
    for token in _TOKEN.findall(_CAMEL.sub(" ", text).lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")):
        if not (token[0].isalpha() or token[0].isdigit()):
            if token not in _SIGNS:
                yield token
            elif token == "(" and before:
                yield f"{before}("
            sign = token
            continue
        if sign in {".", "@", "==", "!=", "+="}:
            yield f"{sign}{token}"
        sign = ""
        root = stem(token)
        if token in STOP or (len(token) == 1):
            continue
        yield root
        yield from _meanings().get(root, ())
        if pairs and before:
            yield f"{before} {root}"
        before = root


def surfaces(text: str) -> dict[str, str]:
    """The words that a reader knows, by what the index counts them as: as they stand in the text."""
    found: dict[str, str] = {}
    for word in _WORD.findall(text):
        for part in _CAMEL.sub(" ", word).split():
            found.setdefault(stem(part.lower()), part)
    return found
