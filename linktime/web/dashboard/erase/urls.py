from django.urls import path

from linktime.web.dashboard.erase import views

urlpatterns = [path("", views.index, name="erase_invitee")]
