from django.urls import path

from linktime.web.dashboard.event_types import mails, views

urlpatterns = [
    path("", views.index, name="event_types"),
    path("new", views.new, name="new_event_type"),
    path("<int:event_type_id>", views.edit, name="edit_event_type"),
    path("<int:event_type_id>/share", views.share_page, name="share_event_type"),
    path("<int:event_type_id>/links", views.new_link, name="new_single_use_link"),
    path("<int:event_type_id>/mails/<slug:kind>", mails.show, name="event_type_mails"),
    path("<int:event_type_id>/mails/<slug:kind>/body", mails.body, name="event_type_mail_body"),
    path("<int:event_type_id>/switch", views.switch, name="switch_event_type"),
    path("<int:event_type_id>/delete", views.delete, name="delete_event_type"),
]
