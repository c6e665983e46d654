from django.urls import path

from linktime.web.dashboard.availability import views

urlpatterns = [
    path("", views.index, name="availability"),
    path("new", views.new, name="new_schedule"),
    path("<int:schedule_id>", views.edit, name="edit_schedule"),
    path("<int:schedule_id>/delete", views.delete, name="delete_schedule"),
]
