from typing import Any, cast

from django.urls import re_path

from orders.consumers import board_socket

websocket_urlpatterns = [re_path(r"^ws/r/(?P<slug>[-\w]+)/board$", cast("Any", board_socket), name="board_socket")]
