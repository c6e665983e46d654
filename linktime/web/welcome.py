from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Welcome a stranger; a member goes to their bookings."""
    if request.user.is_authenticated:
        return redirect("bookings")
    return render(request, "layout/welcome.html")
