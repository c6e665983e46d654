"""What answers."""

import smtplib
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core import mail as django_mail
from django.db import connection

from linktime.cli import installation
from linktime.cli.demo import answers
from linktime.cli.doctor.finding import Finding, bad, good


def database() -> Iterator[Finding]:
    begun = time.perf_counter()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version')")
            (version,) = cursor.fetchone()
    except Exception as error:  # noqa: BLE001 - pools and drivers have errors of their own
        remedy = "Start it with linktime serve." if installation.is_local() else "Check LINKTIME_DATABASE_URL."
        yield bad("database", f"does not answer ({str(error).strip().splitlines()[0]}).", remedy)
    else:
        yield good("database", f"PostgreSQL {version} answers in {(time.perf_counter() - begun) * 1000:.0f} ms")


def web() -> Iterator[Finding]:
    if answers.http(f"{settings.BASE_URL}/readyz"):
        yield good("web", f"{settings.BASE_URL} answers")
    else:
        yield bad(
            "web", f"{settings.BASE_URL}/readyz does not answer.", "Is linktime serve running, and the address right?"
        )


def mail() -> Iterator[Finding]:
    """Knock at the mail server; for mail in a folder, see that it can be written."""
    mailer = settings.MAILERS["default"]
    options = mailer.get("OPTIONS", {})
    if mailer["BACKEND"].endswith("smtp.EmailBackend"):
        yield from _smtp(options["host"], options["port"])
    elif "folder" in options:
        yield good("mail", f"is written to {Path(options['folder'])}")


def _smtp(host: str, port: int) -> Iterator[Finding]:
    try:
        server = django_mail.mailers["default"]
        server.open()
        server.close()
    except (OSError, smtplib.SMTPException) as error:
        yield bad("mail", f"{host}:{port} does not take mail ({error}).", "Check LINKTIME_EMAIL_URL.")
    else:
        yield good("mail", f"{host}:{port} answers and lets us in")
