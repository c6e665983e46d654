from django.urls import path

from linktime.web.dashboard.integrations import backfills, differences, dry_run, views

urlpatterns = [
    path("", views.index, name="integrations"),
    path("<slug:service>/connect", views.connect, name="connect"),
    path("<slug:service>/disconnect", views.disconnect, name="disconnect"),
    path("<slug:service>/retry", views.retry, name="retry_failed"),
    path("<slug:service>/options", views.choose, name="connection_options"),
    path("<slug:service>/check", views.check, name="check_connection"),
    path("<slug:service>/dry-run", dry_run.show, name="dry_run"),
    path("<slug:service>/backfill", backfills.show, name="backfill"),
    path("<slug:service>/backfill/stop", backfills.stop, name="stop_backfill"),
    path("<slug:service>/differences", differences.show, name="differences"),
    path("<slug:service>/compare", differences.compare, name="compare"),
    path("<slug:service>/app", views.own, name="own_app"),
]
