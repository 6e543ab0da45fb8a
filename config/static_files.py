"""Static files at the ASGI level: WhiteNoise finds, types and ranges them; Django and its threads are never asked."""

import asyncio
from pathlib import Path, PurePosixPath
from wsgiref.headers import Headers

from django.conf import settings
from django.contrib.staticfiles import finders
from whitenoise.base import WhiteNoise
from whitenoise.responders import Response, StaticFile

from config.asgi_types import Application, Receive, Scope, Send

CHUNK_BYTES = 256 * 1024


def _forbid_sniffing(headers: Headers, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


class StaticFiles:
    """Answers /static/ from the source folders and passes everything else on.

    Browsers revalidate each time (names carry no content hash), so an upgrade never mixes old and new modules.
    """

    def __init__(self, application: Application) -> None:
        self.application = application
        self._prefix = settings.STATIC_URL
        self._paths = self._known_paths()
        self._files: dict[str, tuple[tuple[int, int], StaticFile]] = {}
        self._whitenoise = WhiteNoise(
            None,
            max_age=0,
            allow_all_origins=False,
            add_headers_function=_forbid_sniffing,
            mimetypes={".mjs": "text/javascript"},
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(self._prefix):
            await self.application(scope, receive, send)
            return
        response = await asyncio.to_thread(self._response, scope)
        if response is None:
            await self.application(scope, receive, send)  # Django's own "not found" page
            return
        headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in response.headers]
        await send({"type": "http.response.start", "status": response.status, "headers": headers, "trailers": False})
        try:
            while response.file is not None and (chunk := await asyncio.to_thread(response.file.read, CHUNK_BYTES)):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            if response.file is not None:
                response.file.close()

    @staticmethod
    def _known_paths() -> dict[str, str]:
        paths: dict[str, str] = {}
        for finder in finders.get_finders():
            for name, storage in finder.list(None):
                paths.setdefault(name, storage.path(name))
        return paths

    def _response(self, scope: Scope) -> Response | None:
        name = str(PurePosixPath(scope["path"].removeprefix(self._prefix)))
        path = self._paths.get(name) or (finders.find(name) if settings.DEBUG else None)
        if not path:
            return None
        environ = {
            f"HTTP_{key.decode('latin-1').upper().replace('-', '_')}": value.decode("latin-1")
            for key, value in scope["headers"]
        }
        try:
            return self._file(path, scope["path"]).get_response(scope["method"], environ)
        except FileNotFoundError:
            return None

    def _file(self, path: str, url: str) -> StaticFile:
        """The file's prepared headers, made anew when it was edited."""
        now = Path(path).stat()
        state = (now.st_mtime_ns, now.st_size)
        known = self._files.get(path)
        if known is None or known[0] != state:
            known = self._files[path] = (state, self._whitenoise.get_static_file(path, url))
        return known[1]
