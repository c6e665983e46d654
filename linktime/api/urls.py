from django.urls import path

from linktime.api.health import healthz, readyz
from linktime.api.v1 import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("healthz", healthz),
    path("readyz", readyz),
]
