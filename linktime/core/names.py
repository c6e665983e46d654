"""Names of people, taken apart. Pure."""


def split(full_name: str) -> tuple[str, str]:
    """Return first name (may be empty) and last name (never empty); titles and suffixes are left out."""
    from nameparser import HumanName  # noqa: PLC0415 - its lists of titles take a twentieth of every start

    parsed = HumanName(full_name)
    first = " ".join(filter(None, [parsed.first, parsed.middle]))
    if parsed.last:
        return first, parsed.last
    return "", first or full_name.strip()
