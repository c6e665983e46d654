from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("linktime.api.urls")),
    path("", include("linktime.web.urls")),
]

handler400 = "linktime.web.errors.pages.bad_request"
handler403 = "linktime.web.errors.pages.permission_denied"
handler404 = "linktime.web.errors.pages.not_found"
handler500 = "linktime.web.errors.pages.server_error"
