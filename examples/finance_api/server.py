"""The service's HTTP side: one resource, a bearer token, JSON in and out.

    POST /open-data/currency-pairs/   {"resource": "USD-THB", "filter": "20240101"}
      -> 200 {"resource": ..., "filter": ..., "records": [...]}

Every other answer is `{"error": "..."}` with the status that fits: 400 body, 401 token, 404 path
or pair, 405 method, 413 size.
"""

from __future__ import annotations

import hmac
import json
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from examples.finance_api.rates import MID_BY_PAIR, quotes_of

PATH = "/open-data/currency-pairs/"
MAX_BODY_BYTES = 64 * 1024


class FinanceServer(ThreadingHTTPServer):
    """Listens on 127.0.0.1 only; port 0 takes a free port, see `url`."""

    daemon_threads = True

    def __init__(self, port: int, token: str) -> None:
        super().__init__(("127.0.0.1", port), FinanceHandler)
        self.token = token

    @property
    def url(self) -> str:
        """The base address, without the path of the resource."""
        return f"http://127.0.0.1:{self.server_port}/open-data"


class RequestError(Exception):
    """An answer that is not 200."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


class FinanceHandler(BaseHTTPRequestHandler):
    server: FinanceServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self._serve()

    do_GET = do_PUT = do_DELETE = do_PATCH = do_POST

    def _serve(self) -> None:
        try:
            # the body is read before anything is refused: a connection that is closed with
            # bytes unread is reset, and the client never sees the answer
            body = self._read_body()
            if self.command != "POST":
                raise RequestError(HTTPStatus.METHOD_NOT_ALLOWED, "use POST")
            self._check_token()
            if self.path != PATH:
                raise RequestError(HTTPStatus.NOT_FOUND, f"no resource at {self.path}")
            self._answer(HTTPStatus.OK, _currency_pairs(body))
        except RequestError as error:
            self._answer(error.status, {"error": str(error)})

    def _read_body(self) -> bytes:
        length = self.headers.get("Content-Length", "0")
        if length.isdecimal() and int(length) <= MAX_BODY_BYTES:
            return self.rfile.read(int(length))
        self.close_connection = True
        if length.isdecimal():
            self.rfile.read(min(int(length), 16 * MAX_BODY_BYTES))
        raise RequestError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            f"the body may have {MAX_BODY_BYTES} bytes and needs a Content-Length",
        )

    def _check_token(self) -> None:
        given = self.headers.get("Authorization", "")
        wanted = f"Bearer {self.server.token}"
        if not hmac.compare_digest(given.encode(), wanted.encode()):
            raise RequestError(HTTPStatus.UNAUTHORIZED, "the bearer token is not known")

    def _answer(self, status: HTTPStatus, document: dict[str, object]) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if status == HTTPStatus.UNAUTHORIZED:
            self.send_header("WWW-Authenticate", "Bearer")
        self.end_headers()
        self.wfile.write(body)


def _currency_pairs(body: bytes) -> dict[str, object]:
    """The answer's document for a request's body."""
    try:
        wish = json.loads(body)
        pair, day = wish["resource"], wish["filter"]
        records = quotes_of(pair, datetime.strptime(day, "%Y%m%d").date())
    except KeyError as error:
        missing = error.args[0]
        if missing in ("resource", "filter"):
            raise RequestError(
                HTTPStatus.BAD_REQUEST, f'the body has no "{missing}"'
            ) from None
        known = ", ".join(MID_BY_PAIR)
        raise RequestError(
            HTTPStatus.NOT_FOUND, f'no pair "{missing}"; known: {known}'
        ) from None
    except (TypeError, ValueError) as error:
        raise RequestError(
            HTTPStatus.BAD_REQUEST,
            'the body must be {"resource": "USD-THB", "filter": "YYYYmmdd"}',
        ) from error
    return {"resource": pair, "filter": day, "records": records}
