from django.urls import path

from linktime.web.dashboard.integrations import views

urlpatterns = [
    path("", views.index, name="integrations"),
    path("<slug:service>/connect", views.connect, name="connect"),
    path("<slug:service>/disconnect", views.disconnect, name="disconnect"),
    path("<slug:service>/retry", views.retry, name="retry_failed"),
    path("<slug:service>/options", views.choose, name="connection_options"),
    path("<slug:service>/app", views.own, name="own_app"),
]
