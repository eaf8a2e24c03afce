"""HTTP requests with tries, each of which ends at its timeout whatever the server does.

A try has a thread of its own, since neither the look-up of a name nor a server that sends a
byte now and then keeps to a timeout of sockets. One that is given up can send nothing any
more: its connection is closed, or is closed as soon as it is there.
"""

from __future__ import annotations

import socket
import threading
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import (
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
    build_opener,
)
from uuid import NAMESPACE_URL, uuid5

from .cancel import wait_for
from .secrets import MASK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from http.client import HTTPResponse
    from typing import Any

FIRST_WAIT_S, MAX_WAIT_S = 1.0, 30.0
TOO_MANY = 429


class Sent:
    """How it went.

    Attributes:
        shown: The address without what may be secret in it.
        error: "" when the server has taken it.
    """

    __slots__ = ("attempts", "error", "shown")

    def __init__(self, shown: str, attempts: int, error: str) -> None:
        self.shown = shown
        self.attempts = attempts
        self.error = error


def send(
    url: str,
    body: bytes | None,
    tries: int,
    timeout: float,
    *,
    is_json: bool = False,
    over: threading.Event | None = None,
) -> Sent:
    """Send it, and again where that may help: waits are 1, 2, 4 ... seconds.

    Args:
        body: What is sent by POST; None: a GET.
        timeout: Seconds, for each try.
        over: No further try begins when it is set.
    """
    shown = shown_url(url)
    if not url.lower().startswith(("http://", "https://")):
        return Sent(shown, 0, "its address does not begin with https:// or http://")
    over = threading.Event() if over is None else over
    wait, attempts = FIRST_WAIT_S, 0
    while True:
        attempts += 1
        error, may_help = _try(url, body, timeout, is_json=is_json)
        if not error or not may_help or attempts >= tries or over.is_set():
            return Sent(shown, attempts, _without(url, error))
        if wait_for(over, wait):
            return Sent(shown, attempts, _without(url, error))
        wait = min(2 * wait, MAX_WAIT_S)


def ping_url(url: str, ending: str, run_id: str) -> str:
    """The address of a ping; `rid`, by which a start and its end are matched, is a UUID.

    >>> ping_url("https://hc-ping.com/key/slug?create=1", "/fail", "20240101T1")
    'https://hc-ping.com/key/slug/fail?create=1&rid=357bfe1e-5ba7-5576-8502-7636f2b555a1'
    """
    parts = urlsplit(url)
    rid = f"rid={uuid5(NAMESPACE_URL, run_id)}"
    query = f"{parts.query}&{rid}" if parts.query else rid
    path = f"{parts.path.rstrip('/')}{ending}"
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def shown_url(url: str) -> str:
    """Its host alone: webhooks have their secrets in the path, in the query, before the @.

    >>> shown_url("https://me:pw@hooks.example:8443/services/T0/B0?key=1")
    'https://hooks.example:8443/**********'
    """
    scheme, mark, rest = url.partition("://")
    if not mark:
        return MASK
    for sign in "/?#":
        rest = rest.partition(sign)[0]
    return f"{scheme}://{rest.rpartition('@')[2]}/{MASK}"


def _without(url: str, error: str) -> str:
    """An error that shows no part of the address but its host."""
    authority, _, path = url.partition("://")[2].partition("/")
    user = authority.rpartition("@")[0]
    for secret in (url, path, user):
        if secret:
            error = error.replace(secret, MASK)
    return error


class _Gate:
    """Lets the connections of one try through, until it is closed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # guards both
        self._is_closed = False
        self._socket: socket.socket | None = None

    def enter(self, connected: socket.socket) -> None:
        with self._lock:
            self._socket = connected
            if self._is_closed:
                _shut(connected)

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            if self._socket is not None:
                _shut(self._socket)


def _shut(connected: socket.socket) -> None:
    """Nothing more goes over it; of TLS too, whose own object another thread uses."""
    try:
        socket.socket.shutdown(connected, socket.SHUT_RDWR)
    except OSError:  # it is closed already
        return


class _Plain(HTTPConnection):
    def __init__(self, gate: _Gate, host: str, **options: Any) -> None:
        super().__init__(host, **options)
        self._gate = gate

    def connect(self) -> None:
        super().connect()
        self._gate.enter(self.sock)


class _Secure(HTTPSConnection):
    def __init__(self, gate: _Gate, host: str, **options: Any) -> None:
        super().__init__(host, **options)
        self._gate = gate

    def connect(self) -> None:
        super().connect()
        self._gate.enter(self.sock)


class _NoRedirect(HTTPRedirectHandler):
    """Python would follow with a GET, so that what was posted is lost and nobody knows."""

    def redirect_request(self, *about: Any, **more: Any) -> None:
        return None


class _PlainHandler(HTTPHandler):
    def __init__(self, gate: _Gate) -> None:
        super().__init__()
        self._gate = gate

    def http_open(self, request: Request) -> HTTPResponse:
        kind: Any = partial(_Plain, self._gate)
        return self.do_open(kind, request)


class _SecureHandler(HTTPSHandler):
    def __init__(self, gate: _Gate) -> None:
        super().__init__()
        self._gate = gate

    def https_open(self, request: Request) -> HTTPResponse:
        kind: Any = partial(_Secure, self._gate)
        return self.do_open(kind, request)


def _try(
    url: str, body: bytes | None, timeout: float, *, is_json: bool
) -> tuple[str, bool]:
    """The error, "" for none, and whether another try may help."""
    headers = {"User-Agent": "wfruntime"}
    if body is not None:
        kind = "application/json" if is_json else "text/plain; charset=utf-8"
        headers["Content-Type"] = kind
    gate = _Gate()
    has_ended = threading.Event()
    ends: list[tuple[str, bool]] = []

    def body_of_thread() -> None:
        try:
            redirects = HTTPRedirectHandler() if body is None else _NoRedirect()
            opener = build_opener(_PlainHandler(gate), _SecureHandler(gate), redirects)
            ends.append(_answer(opener, Request(url, body, headers), timeout))
        except Exception as error:  # an address that is none
            ends.append((str(error) or type(error).__name__, False))
        finally:
            has_ended.set()

    threading.Thread(target=body_of_thread, name="wf-post", daemon=True).start()
    try:
        in_time = wait_for(has_ended, timeout)
    finally:
        gate.close()
    return ends[0] if in_time else (f"no answer within {timeout:g} s", True)


def _answer(
    opener: OpenerDirector, request: Request, timeout: float
) -> tuple[str, bool]:
    try:
        opener.open(request, timeout=timeout).close()
    except HTTPError as error:
        with error:
            told = f"HTTP {error.code} {error.reason}".strip()
            return told, error.code >= 500 or error.code == TOO_MANY
    except TimeoutError:
        return f"no answer within {timeout:g} s", True
    except URLError as error:
        if isinstance(error.reason, TimeoutError):
            return f"no answer within {timeout:g} s", True
        return (
            f"no connection: {getattr(error.reason, 'strerror', None) or error.reason}",
            True,
        )
    except (OSError, HTTPException) as error:
        return f"no answer: {error or type(error).__name__}", True
    return "", False
