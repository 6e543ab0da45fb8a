from django.urls import path

from voice import views
from voice.batch import call_views as calls
from voice.batch import views as recordings

urlpatterns = [
    path("r/<slug:slug>/", views.order_page, name="order_page"),
    path("r/<slug:slug>/token", views.order_token, name="order_token"),
    path("r/<slug:slug>/menu.json", views.order_menu, name="order_menu"),
    path("r/<slug:slug>/calls/rating", views.rate_call, name="rate_call"),
    path("r/<slug:slug>/calls", calls.open_call, name="calls"),
    path("r/<slug:slug>/calls/messages", calls.message, name="call_messages"),
    path("r/<slug:slug>/recordings", recordings.begin, name="recordings"),
    path("r/<slug:slug>/recordings/<uuid:recording_id>", recordings.one, name="recording"),
    path("r/<slug:slug>/recordings/<uuid:recording_id>/finish", recordings.finish, name="recording_finish"),
    path("r/<slug:slug>/recordings/<uuid:recording_id>/reply", recordings.reply, name="recording_reply"),
    path("r/<slug:slug>/explain", views.explain_page, name="explain"),
]
