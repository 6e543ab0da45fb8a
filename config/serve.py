"""The web server process: `python -m config.serve`. uvicorn by default, Daphne with ASGI_SERVER=daphne."""

import os
import socket

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings

APPLICATION = "config.asgi:application"
LISTEN_FD_VARIABLE = "COMANDA_LISTEN_FD"  # a socket the supervisor opened, so that a restart refuses nobody
LARGEST_MESSAGE_BYTES = 11 * 1_048_576  # a wrong message up to this size gets our own error; bigger ones end with 1009
PING_EVERY_S = 20.0
GRACE_S = 5  # for open requests at the end; calls are told 1012


def serve() -> None:
    descriptor = os.environ.get(LISTEN_FD_VARIABLE, "")
    if settings.ASGI_SERVER == "daphne":
        _serve_with_daphne(int(descriptor) if descriptor else None)
    else:
        _serve_with_uvicorn(socket.socket(fileno=int(descriptor)) if descriptor else None)


def _serve_with_uvicorn(listener: socket.socket | None) -> None:
    import uvicorn

    config = uvicorn.Config(
        APPLICATION,
        host=settings.HOST,
        port=settings.PORT,
        ws_max_size=LARGEST_MESSAGE_BYTES,
        ws_ping_interval=PING_EVERY_S,
        ws_ping_timeout=PING_EVERY_S,
        ws_per_message_deflate=False,  # speech does not compress, and compressing it costs a core
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    uvicorn.Server(config).run(sockets=[listener] if listener else None)


def _serve_with_daphne(descriptor: int | None) -> None:
    from daphne.cli import CommandLineInterface

    where = ["--fd", str(descriptor)] if descriptor is not None else ["-b", settings.HOST, "-p", str(settings.PORT)]
    CommandLineInterface().run(
        [*where, "-v", "0", "--no-server-name", "--ping-interval", str(int(PING_EVERY_S)), APPLICATION]
    )


if __name__ == "__main__":
    serve()
