"""The ASGI application: health, static files, Django, and the sockets."""

import os
from typing import cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DATABASE_POOL_SIZE", "16")

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

django_application = cast("Application", get_asgi_application())  # what follows may import models

from config.asgi_types import Application
from config.body_limit import BodyLimit
from config.health import healthz, readyz
from config.lifespan import EngineLifespan
from config.paths import ByPath
from config.sockets import socket_application
from config.static_files import StaticFiles

application = EngineLifespan(
    ProtocolTypeRouter(
        {
            "http": ByPath(
                {"/healthz": healthz, "/readyz": readyz}, otherwise=StaticFiles(BodyLimit(django_application))
            ),
            "websocket": socket_application(),
        }
    )
)
