"""The port of the web server, taken before anything else is started and kept while the server process restarts."""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from config.embedded.process_table import listener_on
from config.embedded.service import ServiceError

BACKLOG = 2048


@contextmanager
def listening_socket(host: str, port: int) -> Iterator[socket.socket]:
    """raises: ServiceError, saying who has the port or what is wrong with the address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise ServiceError(_why_not(error, host, port)) from None
    with listener:
        yield listener


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by {listener_on(port)}. Choose another: make run PORT={port + 1}"
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights than we have; choose one above 1023: make run PORT=8000"
    return f"Cannot listen on {host}:{port}: {error.strerror}. Check HOST and PORT."
