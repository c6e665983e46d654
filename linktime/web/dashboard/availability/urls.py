from django.urls import path

from linktime.web.dashboard.availability import away, views, why

urlpatterns = [
    path("", views.index, name="availability"),
    path("new", views.new, name="new_schedule"),
    path("away", away.index, name="absences"),
    path("away/<int:absence_id>/delete", away.delete, name="delete_absence"),
    path("why", why.why, name="why"),
    path("<int:schedule_id>", views.edit, name="edit_schedule"),
    path("<int:schedule_id>/default", views.make_default, name="default_schedule"),
    path("<int:schedule_id>/delete", views.delete, name="delete_schedule"),
]
