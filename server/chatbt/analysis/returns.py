"""What the constructors, functions and methods of the standard library return, as far as it is always the same.

Types are a builtin's name or a dotted path; `file`, `generator` and `iterator` stand for whatever is one.
"""


def _all(names: str, type_: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), type_)


CLASSES = (
    {
        f"builtins.{name}": name
        for name in "list dict set tuple frozenset str bytes bytearray int float complex bool range".split()
    }
    | {
        name: name
        for name in (
            "collections.defaultdict collections.deque collections.Counter collections.OrderedDict pathlib.Path "
            "datetime.datetime datetime.date datetime.time datetime.timedelta decimal.Decimal fractions.Fraction"
        ).split()
    }
    | _all("builtins.enumerate builtins.filter builtins.map builtins.reversed builtins.zip csv.DictReader", "iterator")
    | _all(
        "itertools.accumulate itertools.chain itertools.combinations itertools.compress itertools.count "
        "itertools.cycle itertools.dropwhile itertools.filterfalse itertools.groupby itertools.islice "
        "itertools.pairwise itertools.permutations itertools.product itertools.starmap itertools.takewhile "
        "itertools.zip_longest",
        "iterator",
    )
)
"""What calling a class makes. An object's class is this very class, but for the pseudo-types."""

FUNCTIONS = (
    {"builtins.sorted": "list", "builtins.dir": "list", "builtins.open": "file", "io.open": "file"}
    | _all("builtins.ascii builtins.bin builtins.chr builtins.format builtins.hex builtins.input", "str")
    | _all("builtins.oct builtins.repr", "str")
    | _all("builtins.hash builtins.id builtins.len builtins.ord", "int")
    | _all("builtins.all builtins.any builtins.callable builtins.hasattr builtins.isinstance", "bool")
    | _all("builtins.issubclass", "bool")
    | _all("builtins.globals builtins.dict.fromkeys", "dict")
    | _all("builtins.iter csv.reader itertools.chain.from_iterable re.finditer glob.iglob os.scandir", "iterator")
    | {"os.walk": "generator", "os.listdir": "list", "glob.glob": "list", "random.sample": "list"}
    | _all("pathlib.Path.cwd pathlib.Path.home", "pathlib.Path")
    | _all(
        "datetime.datetime.now datetime.datetime.utcnow datetime.datetime.today datetime.datetime.fromtimestamp "
        "datetime.datetime.utcfromtimestamp datetime.datetime.strptime datetime.datetime.fromisoformat "
        "datetime.datetime.combine",
        "datetime.datetime",
    )
    | _all("datetime.date.today datetime.date.fromisoformat datetime.date.fromtimestamp", "datetime.date")
)
"""What calling a function or class method returns."""

_TEXT = _all("center expandtabs join ljust lower lstrip removeprefix removesuffix replace rjust", "same") | _all(
    "capitalize rstrip strip swapcase title translate upper zfill", "same"
) | _all("partition rpartition", "tuple") | _all("rsplit split splitlines", "list") | _all(
    "count find index rfind rindex", "int"
) | _all("endswith isalnum isalpha isascii isdigit islower isspace istitle isupper startswith", "bool")  # fmt: skip
_SETS = _all("copy difference intersection symmetric_difference union", "same") | _all(
    "isdisjoint issubset issuperset", "bool"
)
_SEQUENCE = _all("count index", "int")
_MAPPING = {"copy": "same"}
_LIST_NONE = _all("append clear extend insert remove reverse sort", "NoneType")
_DICT_NONE = _all("clear update", "NoneType")
METHODS: dict[str, dict[str, str]] = {
    "str": _TEXT | _all("casefold format format_map", "str") | {"encode": "bytes"} | _all(
        "isdecimal isidentifier isnumeric isprintable", "bool"),
    "bytes": _TEXT | _all("decode hex", "str"),
    "bytearray": _LIST_NONE | _all("decode hex", "str") | {"copy": "same"},
    "tuple": _SEQUENCE,
    "list": _SEQUENCE | _LIST_NONE | {"copy": "same"},
    "dict": _MAPPING | _DICT_NONE,
    "set": _SETS | _all(
        "add clear difference_update discard intersection_update remove symmetric_difference_update update",
        "NoneType"),
    "frozenset": _SETS,
    "collections.OrderedDict": _MAPPING | _DICT_NONE | {"move_to_end": "NoneType"},
    "collections.defaultdict": _MAPPING | _DICT_NONE,
    "collections.Counter": _MAPPING | _DICT_NONE | {"most_common": "list", "subtract": "NoneType"},
    "collections.deque": _SEQUENCE | {"copy": "same"} | _all(
        "append appendleft clear extend extendleft insert remove reverse rotate", "NoneType"),
    "pathlib.Path": _all(
        "absolute expanduser joinpath relative_to resolve with_name with_stem with_suffix", "pathlib.Path")
        | _all("as_posix as_uri read_text", "str") | {"read_bytes": "bytes", "open": "file"}
        | _all("exists is_absolute is_dir is_file is_symlink", "bool") | _all("glob iterdir rglob", "iterator"),
    "datetime.datetime": _all("astimezone replace", "datetime.datetime") | {"date": "datetime.date"}
        | {"time": "datetime.time", "timestamp": "float"} | _all("ctime isoformat strftime", "str"),
    "datetime.date": {"replace": "datetime.date"} | _all("ctime isoformat strftime", "str"),
    "datetime.time": {"replace": "datetime.time"} | _all("isoformat strftime", "str"),
    "datetime.timedelta": {"total_seconds": "float"},
}  # fmt: skip
"""What a method of an object of a type returns; `same`: its own type."""

ONE_SHOT = frozenset(("file", "generator", "iterator"))
"""The types whose objects are run through once."""

ONE_SHOT_CALLS = frozenset(name for table in (CLASSES, FUNCTIONS) for name, made in table.items() if made in ONE_SHOT)
"""The names of what returns one."""

ONE_SHOT_METHODS = frozenset(name for table in METHODS.values() for name, made in table.items() if made in ONE_SHOT)
"""The names of methods that return one."""

ATTRIBUTES: dict[str, dict[str, str]] = {
    "pathlib.Path": {"parent": "pathlib.Path"} | _all("name stem suffix", "str"),
}
"""The type of an object's attribute."""

ANNOTATIONS = {
    "List": "list",
    "Dict": "dict",
    "Set": "set",
    "Tuple": "tuple",
    "FrozenSet": "frozenset",
    "Text": "str",
    "DefaultDict": "collections.defaultdict",
    "Deque": "collections.deque",
    "Counter": "collections.Counter",
    "OrderedDict": "collections.OrderedDict",
}
"""The classes that names of the module `typing` stand for."""
