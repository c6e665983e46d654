from django.urls import URLPattern, path, re_path
from django.views.generic import RedirectView

from linktime.web.guides import views

urlpatterns: list[URLPattern] = [
    re_path(r"^docs/?$", RedirectView.as_view(pattern_name="crm_comparison")),
    re_path(r"^docs/crm/?$", views.compare, name="crm_comparison"),
    path("docs/crm/<slug:crm>", views.guide, name="crm_guide"),
    path("docs/privacy", views.privacy, name="privacy"),
]
