from django.urls import URLPattern, URLResolver, path, re_path

from linktime.web.public import booking, invitee, time_zones

urlpatterns: list[URLPattern | URLResolver] = [
    path("b/time-zones", time_zones.choose, name="time_zones"),
    path("b/<slug:uid>", invitee.show, name="booking"),
    path("b/<slug:uid>/reschedule", invitee.reschedule, name="reschedule"),
    path("b/<slug:uid>/cancel", invitee.cancel, name="cancel"),
    path("b/<slug:uid>/calendar.ics", invitee.calendar, name="booking_calendar"),
    re_path(r"^(?P<handle>[A-Za-z0-9-]+)/?$", booking.host, name="host"),
    re_path(r"^(?P<handle>[A-Za-z0-9-]+)/(?P<slug>[A-Za-z0-9-]+)/?$", booking.pick, name="pick"),
]
