"""A local server that speaks as much of S3 as a storage of recordings uses; the vendor's own SDK talks to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

MISSING = "<Error><Code>NoSuchKey</Code><Message>There is no such key.</Message></Error>"


class Bucket(ThreadingHTTPServer):
    """Keeps what it is given in `objects`; while `is_away`, every request is refused."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.objects: dict[str, bytes] = {}
        self.is_away = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def s3_server() -> Iterator[Bucket]:
    server = Bucket()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: Any
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if "aws-chunked" in self.headers.get("Content-Encoding", ""):
            body = _unchunked(body)
        if not self._refused():
            self.server.objects[self._key] = body
            self._answer(200, headers={"ETag": '"made-up"'})

    def do_GET(self) -> None:
        if self._refused():
            return
        query = parse_qs(urlsplit(self.path).query)
        if "list-type" in query or "prefix" in query:
            self._list(query.get("prefix", [""])[0], query.get("delimiter", [""])[0])
        elif (data := self.server.objects.get(self._key)) is None:
            self._answer(404, MISSING.encode())
        else:
            self._answer(200, data, headers={"ETag": '"made-up"'})

    def do_HEAD(self) -> None:
        if self._refused():
            return
        data = self.server.objects.get(self._key)
        self._answer(404 if data is None else 200, b"" if data is None else data, is_head=True)

    def do_DELETE(self) -> None:
        if not self._refused():
            self.server.objects.pop(self._key, None)
            self._answer(204)

    @property
    def _key(self) -> str:
        """Without the bucket: requests name it in their path."""
        return unquote(urlsplit(self.path).path).lstrip("/").partition("/")[2]

    def _refused(self) -> bool:
        if self.server.is_away:
            self._answer(503, b"<Error><Code>SlowDown</Code><Message>Later.</Message></Error>")
        return bool(self.server.is_away)

    def _list(self, prefix: str, delimiter: str) -> None:
        keys = sorted(key for key in self.server.objects if key.startswith(prefix))
        whole = [key for key in keys if not delimiter or delimiter not in key[len(prefix) :]]
        folders = sorted(
            {prefix + key[len(prefix) :].partition(delimiter)[0] + delimiter for key in set(keys) - set(whole)}
        )
        contents = "".join(f"<Contents><Key>{escape(key)}</Key><Size>1</Size></Contents>" for key in whole)
        common = "".join(f"<CommonPrefixes><Prefix>{escape(one)}</Prefix></CommonPrefixes>" for one in folders)
        name, count = "recordings", len(whole)
        body = f"<ListBucketResult><Name>{name}</Name><KeyCount>{count}</KeyCount>{contents}{common}</ListBucketResult>"
        self._answer(200, body.encode())

    def _answer(
        self, status: int, body: bytes = b"", *, headers: dict[str, str] | None = None, is_head: bool = False
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Last-Modified", "Sat, 21 Nov 2026 12:00:00 GMT")
        self.end_headers()
        if not is_head:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
        """Quiet."""


def _unchunked(body: bytes) -> bytes:
    """AWS's own chunks: a length in hex and perhaps a signature, the bytes, and trailers after an empty one."""
    whole = b""
    while body:
        head, _, body = body.partition(b"\r\n")
        size = int(head.partition(b";")[0], 16)
        if size == 0:
            break
        whole, body = whole + body[:size], body[size + 2 :]
    return whole
