"""The pages. Public addresses come last: `/{handle}` takes whatever nothing else wanted."""

from django.urls import include, path
from django.views.generic import RedirectView

from linktime.web import welcome
from linktime.web.dashboard.integrations import views as integrations

urlpatterns = [
    path("", welcome.index, name="welcome"),
    path("accounts/", include("allauth.urls")),
    path("dashboard", RedirectView.as_view(pattern_name="bookings")),
    path("dashboard/", include("linktime.web.dashboard.urls")),
    path("api/integrations/<slug:service>/callback", integrations.callback, name="oauth_callback"),
    path("", include("linktime.web.guides.urls")),
    path("", include("linktime.web.public.urls")),
]
