"""What answers."""

import smtplib
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.core import mail as django_mail
from procrastinate.contrib.django.utils import connector_params

from linktime.cli.demo import answers
from linktime.cli.doctor.finding import Finding, bad, good
from linktime.cli.problems import first_line
from linktime.core import clock, http

ASTRAY = timedelta(seconds=2)  # tokens end and slots begin by our clock, leases by the database's
PATIENCE = 5.0


def database() -> Iterator[Finding]:
    """Connect without the pool, which would go on trying for a while."""
    begun = time.perf_counter()
    try:
        with psycopg.connect(**connector_params(), connect_timeout=answers.PATIENCE) as connection:
            version = connection.info.parameter_status("server_version")
            took = time.perf_counter() - begun
            row = connection.execute("SELECT clock_timestamp()").fetchone()
    except psycopg.Error as error:
        yield bad("database", f"does not answer ({first_line(error)}).", "Is it running? Check LINKTIME_DATABASE_URL.")
        return
    yield good("database", f"PostgreSQL {version} answers in {took * 1000:.0f} ms")
    astray = abs(clock.now() - row[0]) if row else timedelta()
    if astray > ASTRAY:
        yield bad("clock", f"differs from the database's by {astray.total_seconds():.0f} s.", "Set both with NTP.")


def web() -> Iterator[Finding]:
    if answers.http(f"{settings.BASE_URL}/readyz"):
        yield good("web", f"{settings.BASE_URL} answers")
    else:
        yield bad(
            "web", f"{settings.BASE_URL}/readyz does not answer.", "Is linktime serve running, and the address right?"
        )


def mail() -> Iterator[Finding]:
    """Knock at the mail server; for mail in a folder, see where it is."""
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


def crms() -> Iterator[Finding]:
    """Knock at every CRM, side by side: whatever it answers, the way there is open."""
    from linktime.crm import registry

    names = registry.crms()
    with ThreadPoolExecutor(len(names)) as pool:
        yield from pool.map(_crm, names)


def _crm(name: str) -> Finding:
    from linktime.crm import registry

    url = settings.SERVICES[name]["base_url"] or registry.facts(name).login_hosts[0].url
    begun = time.perf_counter()
    try:
        http.request("GET", f"{url}/", seconds=PATIENCE)
    except http.HttpError as error:
        return bad("crm", f"{name}: no way to {url} ({error}).", "Let this machine reach it over HTTPS.")
    return good("crm", f"{name}: {url} answers in {(time.perf_counter() - begun) * 1000:.0f} ms")


def collector() -> Iterator[Finding]:
    """Knock at the collector of traces, if it is ours to know."""
    parts = urlsplit(settings.OTLP_ENDPOINT)
    if not parts.hostname:
        return
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname, port), PATIENCE).close()
    except OSError as error:
        yield bad("traces", f"{parts.hostname}:{port} does not answer ({error}).", "Check LINKTIME_OTLP_ENDPOINT.")
    else:
        yield good("traces", f"{parts.hostname}:{port} answers")
