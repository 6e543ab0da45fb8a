from django.urls import path

from orders import views

urlpatterns = [path("r/<slug:slug>/board", views.board, name="board")]
