"""Every page, by owner. /healthz and /readyz are answered before Django: config/health.py."""

from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.templatetags.static import static
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", include("restaurants.urls")),
    path("", include("voice.urls")),
    path("", include("orders.urls")),
    path("accounts/login/", auth_views.LoginView.as_view(), name="login"),
    path("accounts/logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    # what browsers ask for by themselves, where a page names no icon
    path("favicon.ico", RedirectView.as_view(url=static("img/favicon.ico"), permanent=True)),
]
