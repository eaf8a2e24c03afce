"""What Python's builtins and the usual modules of the standard library give, as mypy sees it.

Only what always has one type is here: what a function gives whatever it is called with, and what
a method or attribute of a plain value is.
"""

from __future__ import annotations

from wfcompile.types import (
    BOOL,
    BYTES,
    DATE,
    DATETIME,
    DECIMAL,
    FLOAT,
    INT,
    NONE,
    PATH,
    STR,
    TIMEDELTA,
    ListType,
    OpaqueType,
    Type,
    union,
)

TEXT_FILE = OpaqueType("io", "TextIOWrapper")
HASH = OpaqueType("hashlib", "HASH")
UUID = OpaqueType("uuid", "UUID")

BUILTINS: dict[str, Type] = {
    **dict.fromkeys(("len", "int", "ord", "hash", "id"), INT),
    **dict.fromkeys(("str", "repr", "chr", "hex", "bin", "oct", "ascii"), STR),
    **dict.fromkeys(("format", "input"), STR),
    **dict.fromkeys(("bool", "any", "all", "isinstance", "callable", "hasattr"), BOOL),
    **dict.fromkeys(("issubclass",), BOOL),
    "float": FLOAT,
    "bytes": BYTES,
}


def _in(module: str, names: str, type_: Type) -> dict[str, Type]:
    return {f"{module}.{name}": type_ for name in names.split()}


FUNCTIONS: dict[str, Type] = {
    **_in("base64", "b64encode b64decode urlsafe_b64encode urlsafe_b64decode", BYTES),
    "datetime.date": DATE,
    **_in("datetime.date", "today fromisoformat fromordinal fromtimestamp", DATE),
    "datetime.datetime": DATETIME,
    **_in("datetime.datetime", "now utcnow today fromisoformat strptime", DATETIME),
    **_in("datetime.datetime", "fromtimestamp utcfromtimestamp combine", DATETIME),
    "datetime.timedelta": TIMEDELTA,
    "decimal.Decimal": DECIMAL,
    **_in("getpass", "getuser", STR),
    **_in("hashlib", "md5 sha1 sha224 sha256 sha384 sha512", HASH),
    **_in("html", "escape unescape", STR),
    "json.dumps": STR,
    **_in("math", "ceil comb factorial floor gcd isqrt lcm perm trunc", INT),
    **_in("math", "acos asin atan atan2 copysign cos degrees dist exp", FLOAT),
    **_in("math", "fabs fmod fsum hypot ldexp log log10 log1p log2 pow", FLOAT),
    **_in("math", "radians remainder sin sqrt tan", FLOAT),
    **_in("math", "isclose isfinite isinf isnan", BOOL),
    **_in("os", "getcwd", STR),
    **_in("os", "getpid getppid", INT),
    **_in("os.path", "exists isabs isdir isfile islink ismount lexists", BOOL),
    **_in("os.path", "getsize", INT),
    **_in("os.path", "getatime getctime getmtime", FLOAT),
    "pathlib.Path": PATH,
    **_in("pathlib.Path", "cwd home", PATH),
    **_in("random", "gauss random triangular uniform", FLOAT),
    **_in("random", "getrandbits randint randrange", INT),
    **_in("secrets", "token_hex token_urlsafe", STR),
    "secrets.token_bytes": BYTES,
    "shlex.join": STR,
    "shlex.quote": STR,
    "shlex.split": ListType(STR),
    "shutil.which": union((STR, NONE)),
    "socket.gethostname": STR,
    **_in("textwrap", "dedent fill indent shorten", STR),
    "textwrap.wrap": ListType(STR),
    **_in("time", "monotonic perf_counter process_time time", FLOAT),
    **_in("time", "monotonic_ns perf_counter_ns time_ns", INT),
    **_in("time", "asctime ctime strftime", STR),
    **_in("urllib.parse", "quote quote_plus unquote unquote_plus urlencode", STR),
    "uuid.UUID": UUID,
    **_in("uuid", "uuid1 uuid3 uuid4 uuid5", UUID),
}
"""What a call gives, by the full name of what is called."""

OF_PATHS: dict[str, Type] = _in(
    "os.path",
    "abspath basename dirname expanduser expandvars join normpath realpath relpath",
    STR,
)
"""As `FUNCTIONS`, for calls with nothing but texts and paths: bytes would give bytes."""

OF_TEXTS: dict[str, Type] = {
    **_in("re", "escape sub", STR),
    "urllib.parse.urljoin": STR,
}
"""As `FUNCTIONS`, for calls with nothing but texts."""

CONSTANTS: dict[str, Type] = {
    **_in("math", "e inf nan pi tau", FLOAT),
    **_in("os", "linesep name pathsep sep", STR),
    **_in("sys", "executable platform version", STR),
    **_in("sys", "maxsize", INT),
    "sys.argv": ListType(STR),
    **_in("string", "ascii_letters ascii_lowercase ascii_uppercase digits", STR),
    **_in("string", "hexdigits octdigits printable punctuation whitespace", STR),
}
"""Values of modules, by their full name."""

_STR_METHODS: dict[str, Type] = {
    **dict.fromkeys(
        ("capitalize", "casefold", "center", "expandtabs", "format", "join", "ljust"),
        STR,
    ),
    **dict.fromkeys(
        ("lower", "lstrip", "removeprefix", "removesuffix", "replace", "rjust"), STR
    ),
    **dict.fromkeys(
        ("rstrip", "strip", "swapcase", "title", "translate", "upper", "zfill"),
        STR,
    ),
    **dict.fromkeys(
        ("endswith", "isalnum", "isalpha", "isascii", "isdecimal", "isdigit"),
        BOOL,
    ),
    **dict.fromkeys(
        ("isidentifier", "islower", "isnumeric", "isprintable", "isspace"), BOOL
    ),
    **dict.fromkeys(
        ("istitle", "isupper", "startswith"),
        BOOL,
    ),
    **dict.fromkeys(("split", "rsplit", "splitlines"), ListType(STR)),
    **dict.fromkeys(("count", "find", "index", "rfind", "rindex"), INT),
    "encode": BYTES,
}
_DATE_METHODS: dict[str, Type] = {
    **dict.fromkeys(("isoformat", "strftime", "ctime"), STR),
    **dict.fromkeys(("weekday", "isoweekday", "toordinal"), INT),
}
METHODS: dict[Type, dict[str, Type]] = {
    STR: _STR_METHODS,
    BYTES: {"decode": STR, "hex": STR},
    DATE: {**_DATE_METHODS, "replace": DATE},
    DATETIME: {
        **_DATE_METHODS,
        "astimezone": DATETIME,
        "date": DATE,
        "timestamp": FLOAT,
        "replace": DATETIME,
    },
    TIMEDELTA: {"total_seconds": FLOAT},
    INT: {"bit_length": INT},
    FLOAT: {"is_integer": BOOL, "hex": STR},
    DECIMAL: {"quantize": DECIMAL, "normalize": DECIMAL, "copy_abs": DECIMAL},
    PATH: {
        **dict.fromkeys(("absolute", "expanduser", "joinpath", "relative_to"), PATH),
        **dict.fromkeys(("resolve", "with_name", "with_stem", "with_suffix"), PATH),
        **dict.fromkeys(("exists", "is_absolute", "is_dir", "is_file"), BOOL),
        **dict.fromkeys(("as_posix", "as_uri", "read_text"), STR),
        "read_bytes": BYTES,
        "write_text": INT,
        "write_bytes": INT,
    },
    TEXT_FILE: {
        **dict.fromkeys(("read", "readline"), STR),
        "readlines": ListType(STR),
        "write": INT,
    },
    HASH: {"hexdigest": STR, "digest": BYTES},
}
"""What a method of a value gives."""

ATTRIBUTES: dict[Type, dict[str, Type]] = {
    DATE: dict.fromkeys(("year", "month", "day"), INT),
    DATETIME: dict.fromkeys(
        ("year", "month", "day", "hour", "minute", "second", "microsecond"), INT
    ),
    TIMEDELTA: dict.fromkeys(("days", "seconds", "microseconds"), INT),
    PATH: {**dict.fromkeys(("name", "stem", "suffix"), STR), "parent": PATH},
    UUID: {"hex": STR, "int": INT},
}
