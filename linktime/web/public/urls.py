from django.urls import URLPattern, URLResolver, path, re_path
from django.views.decorators.csrf import csrf_exempt

from linktime.web.public import booking, brand, confirm, invitee, time_zones
from linktime.web.rate import limited

urlpatterns: list[URLPattern | URLResolver] = [
    path("b/time-zones", limited(time_zones.choose), name="time_zones"),
    path("b/<slug:uid>", limited(invitee.show), name="booking"),
    path("b/<slug:uid>/confirm", limited(confirm.show), name="confirm_email"),
    path("b/<slug:uid>/reschedule", limited(invitee.reschedule), name="reschedule"),
    path("b/<slug:uid>/cancel", limited(invitee.cancel), name="cancel"),
    path("b/<slug:uid>/calendar.ics", limited(invitee.calendar), name="booking_calendar"),
    re_path(r"^media/brand/(?P<colour>[0-9a-f]{6})\.css$", brand.stylesheet, name="brand_stylesheet"),
    re_path(r"^media/brand/(?P<digest>[0-9a-f]{32})\.webp$", brand.picture, name="brand_picture"),
    path("embed/time-zones", limited(time_zones.choose), name="embedded_time_zones"),
    path("embed/b/<slug:uid>", limited(invitee.show), name="embedded_booking"),
    path("embed/<slug:handle>/<slug:slug>", csrf_exempt(limited(booking.pick)), name="embedded_pick"),
    re_path(r"^(?P<handle>[A-Za-z0-9-]+)/?$", limited(booking.host), name="host"),
    re_path(r"^(?P<handle>[A-Za-z0-9-]+)/(?P<slug>[A-Za-z0-9-]+)/?$", limited(booking.pick), name="pick"),
]
