from django.urls import path

from restaurants import views

urlpatterns = [path("", views.landing, name="landing")]
