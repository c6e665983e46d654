"""A host's own colour and picture on the booking pages."""

from io import BytesIO

import pytest
from coloraide import Color
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from linktime.accounts.models import Brand
from linktime.accounts.pictures import LARGEST_FILE
from linktime.web import palette
from tests.people import NOW

PAGE = "/dashboard/settings/brand"


@pytest.fixture(autouse=True)
def _monday_morning(monkeypatch):
    monkeypatch.setattr("linktime.core.clock.now", lambda: NOW)


def picture(kind="PNG", size=(800, 600), colour="red", **options):
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, kind, **options)
    return file.getvalue()


def upload(client, content=None, **typed):
    fields = {"colour": "#ffd400"} | typed
    if content is not None:
        fields["picture"] = SimpleUploadedFile("me.svg", content, content_type="text/html")
    return client.post(PAGE, fields)


colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(colours)
@example("#000000")
@example("#ffffff")
@example("#ffd400")
@example("#0000ff")
@example("#00ff00")
def test_every_colour_can_be_read(colour):
    """On cards and on its own soft shade, and what stands on it, light and dark (WCAG 2.2, 1.4.3)."""
    for scheme, roles in palette.palette(colour).items():
        grounds = [palette.RAISED[scheme], palette.SURFACE[scheme], roles["accent-soft"], roles["on-accent"]]
        for ground in grounds:
            assert Color(roles["accent"]).contrast(Color(ground)) >= 4.5, (colour, scheme, ground)


def test_a_readable_colour_stays_as_it_is():
    assert palette.palette("#a3195b")["light"]["accent"] == "#a3195b"


def test_the_booking_pages_show_it(client, as_alice, event_type):
    assert upload(as_alice, picture()).headers["Location"] == PAGE
    brand = Brand.objects.get()
    for path in (
        "/alice",
        "/alice/intro-call",
        "/embed/alice/intro-call",
        "/alice/intro-call?start=2026-11-24T10:00:00Z",
    ):
        page = client.get(path).content.decode()
        assert 'href="/media/brand/ffd400.css"' in page
        assert f'src="/media/brand/{brand.picture_digest}.webp"' in page
    sheet = client.get("/media/brand/ffd400.css")
    assert sheet.headers["Content-Type"].startswith("text/css")
    assert "--accent:light-dark(#" in sheet.content.decode()


def test_a_picture_is_written_anew_and_served_as_nothing_else(client, as_alice):
    """Whatever name, kind and additions it came with."""
    exif = Image.Exif()
    exif[0x010E] = "a secret place"
    upload(as_alice, picture("JPEG", exif=exif) + b"<script>alert(1)</script>")
    brand = Brand.objects.get()
    response = client.get(f"/media/brand/{brand.picture_digest}.webp")
    assert response.headers["Content-Type"] == "image/webp"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "immutable" in response.headers["Cache-Control"]
    shown = Image.open(BytesIO(response.content))
    assert (shown.format, shown.size) == ("WEBP", (400, 300))
    assert b"secret" not in response.content
    assert b"script" not in response.content


@pytest.mark.parametrize(
    "content",
    [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", b"", picture()[:200], picture("BMP"), b"\x89PNG\r\n"],
)  # fmt: skip
def test_what_is_no_picture_is_refused(as_alice, content):
    response = upload(as_alice, content)
    assert response.status_code == 422
    assert not Brand.objects.exclude(picture_digest="").exists()


def test_what_is_too_large_is_refused_before_it_unfolds(as_alice):
    bomb = picture(size=(5_010, 5_000), colour="white")
    assert len(bomb) < LARGEST_FILE
    assert "million pixels" in upload(as_alice, bomb).content.decode()
    assert "at most 5 MB" in upload(as_alice, b"x" * (LARGEST_FILE + 1)).content.decode()


@pytest.mark.parametrize("colour", ["red", "#12345", "#12345g", "url(x)", "#ffffff;}body{}"])
def test_what_is_no_colour_is_refused(as_alice, colour):
    assert upload(as_alice, colour=colour).status_code == 422
    assert as_alice.get(f"/media/brand/{colour}.css").status_code == 404


def test_both_can_be_taken_back(client, as_alice, event_type):
    upload(as_alice, picture())
    upload(as_alice, standard="on", remove="on")
    page = client.get("/alice/intro-call").content.decode()
    assert "/media/brand/" not in page


def test_only_owners_change_it_and_only_their_own(as_alice, as_bob, as_charlie):
    upload(as_alice)
    assert as_bob.get(PAGE).status_code == 403
    assert upload(as_bob, colour="#000000").status_code == 403
    upload(as_charlie, colour="#112233")
    assert Brand.objects.get(account__handle="alice").colour == "#ffd400"
