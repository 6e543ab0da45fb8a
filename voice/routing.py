"""The sockets of the voice part."""

from django.urls import path

from voice.consumers.browser import BrowserConsumer

websocket_urlpatterns = [path("ws/r/<slug:slug>/order", BrowserConsumer.as_asgi())]
