from django.urls import include, path
from django.views.generic import RedirectView

from linktime.web.dashboard.page import switch_account

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="bookings"), name="dashboard"),
    path("account", switch_account, name="switch_account"),
    path("bookings/", include("linktime.web.dashboard.bookings.urls")),
    path("event-types/", include("linktime.web.dashboard.event_types.urls")),
    path("availability/", include("linktime.web.dashboard.availability.urls")),
    path("integrations/", include("linktime.web.dashboard.integrations.urls")),
    path("activity/", include("linktime.web.dashboard.activity.urls")),
    path("settings/erase", include("linktime.web.dashboard.erase.urls")),
    path("settings/", include("linktime.web.dashboard.settings.urls")),
]
