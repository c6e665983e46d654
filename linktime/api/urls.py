from django.urls import path

from linktime.api.docs import docs
from linktime.api.health import healthz, readyz
from linktime.api.metrics import metrics
from linktime.api.v1 import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("api/docs", docs, name="api_docs"),
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
]
