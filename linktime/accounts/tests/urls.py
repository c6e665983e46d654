"""allauth's pages beside our own, wherever our own put them."""

from django.http import HttpResponse
from django.urls import include, path

from linktime.config.urls import urlpatterns as ours

urlpatterns = [
    *ours,
    path("accounts/", include("allauth.urls")),
    path("dashboard/", lambda request: HttpResponse("the dashboard")),
]
