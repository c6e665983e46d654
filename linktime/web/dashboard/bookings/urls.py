from django.urls import path

from linktime.web.dashboard.bookings import deciding, views

urlpatterns = [
    path("", views.index, name="bookings"),
    path("export.csv", views.export_csv, name="export_bookings"),
    path("<slug:uid>", views.detail, name="booking_detail"),
    path("<slug:uid>/accept", deciding.accept, name="accept_booking"),
    path("<slug:uid>/decline", deciding.decline, name="decline_booking"),
    path("<slug:uid>/no-show", views.no_show, name="no_show"),
    path("<slug:uid>/bring-back/<int:record_id>", views.bring_back, name="bring_back"),
]
