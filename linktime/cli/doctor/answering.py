"""What answers."""

import smtplib
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from django.conf import settings
from django.core import mail as django_mail
from procrastinate.contrib.django.utils import connector_params

from linktime.cli.demo import answers
from linktime.cli.doctor.finding import Finding, bad, good
from linktime.cli.problems import first_line


def database() -> Iterator[Finding]:
    """Connect without the pool, which would go on trying for a while."""
    begun = time.perf_counter()
    try:
        with psycopg.connect(**connector_params(), connect_timeout=answers.PATIENCE) as connection:
            version = connection.info.parameter_status("server_version")
    except psycopg.Error as error:
        yield bad("database", f"does not answer ({first_line(error)}).", "Is it running? Check LINKTIME_DATABASE_URL.")
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
