"""Keep linktime/locale/<language>/LC_MESSAGES/django.po and .mo in step with the texts marked in code and templates.

Everything is done by Babel, so that no gettext tools are needed; the compiled files are kept in the repository.
"""

import sys
from datetime import datetime, timezone
from io import BytesIO
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "linktime"
sys.path.insert(0, str(ROOT))

from linktime.core.languages import ENGLISH, NAMES  # noqa: E402 - found by the line before

NEVER = datetime(2026, 1, 1, tzinfo=timezone.utc)
# What an invitee can meet; members' pages are in English.
MET = ("core", "scheduling", "bookings", "notifications", "web")
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def main(arguments):
    settings.configure(USE_I18N=True)
    django.setup()
    marked = texts()
    amiss = [
        line for language in NAMES if language != ENGLISH for line in bring(marked, language, "--check" in arguments)
    ]
    for line in amiss:
        print(line, file=sys.stderr)
    return 1 if amiss else 0


def texts():
    """Return a catalog of all that invitees can meet and is marked for translation, with the files where it stands."""
    catalog = Catalog(project="LinkTime", charset="utf-8")
    for path in sorted(path for folder in MET for path in (PACKAGE / folder).rglob("*")):
        if path.suffix in {".py", ".html", ".txt"} and not {"tests", "migrations", "dashboard"} & set(path.parts):
            for _line, message, _comments, context in extract("python", BytesIO(source(path)), KEYWORDS):
                catalog.add(message, locations=[(str(path.relative_to(ROOT)), 0)], context=context)
    return catalog


def source(path):
    """Return Python code; of a template, what Django makes of it for extraction."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        text = "\n".join(line.strip() for line in templatize(text).splitlines())
    return text.encode()


def bring(marked, language, only_check):
    """Update and compile one language, unless it is only to be checked; return what a person has to do about it."""
    folder = PACKAGE / "locale" / language / "LC_MESSAGES"
    po, mo = folder / "django.po", folder / "django.mo"
    before = po.read_bytes() if po.exists() else b""
    catalog = read_po(BytesIO(before), locale=language)
    catalog.update(marked, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    written = as_file(write_po, catalog, sort_output=True, include_lineno=False, width=119, omit_header=False)
    compiled = as_file(write_mo, catalog)
    if not only_check:
        folder.mkdir(parents=True, exist_ok=True)
        po.write_bytes(written)
        mo.write_bytes(compiled)
    elif written != before or not mo.exists() or mo.read_bytes() != compiled:
        yield "%s is not up to date: run bin/messages" % po.relative_to(ROOT)
    yield from faults(catalog, po.relative_to(ROOT))


def faults(catalog, name):
    for message in catalog:
        if not message.id:
            continue
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.fuzzy or not all(strings):
            yield "%s: not translated: %r" % (name, message.id)
        else:
            yield from ("%s: %s: %r" % (name, error, message.id) for error in message.check(catalog))


def as_file(write, catalog, **options):
    catalog.creation_date = catalog.revision_date = NEVER  # or every run would change every file
    catalog.header_comment = "# Texts of LinkTime"
    catalog.fuzzy = False
    file = BytesIO()
    write(file, catalog, **options)
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
