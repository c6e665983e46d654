from django.urls import path

from linktime.web.dashboard.activity import views

urlpatterns = [
    path("", views.index, name="activity"),
    path("retry", views.retry_all, name="retry_all"),
    path("<int:record_id>", views.attempts, name="activity_attempts"),
    path("<int:record_id>/retry", views.retry, name="activity_retry"),
    path("<int:record_id>/dismiss", views.dismiss, name="activity_dismiss"),
]
