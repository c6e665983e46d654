"""The addresses from which this installation calls out, as the guides show them."""

import ipaddress

EXAMPLE = "198.51.100.7,198.51.100.64/28,2001:db8::/64"


def parse_addresses(text: str) -> list[str]:
    """Parse IP addresses and ranges (CIDR), separated by commas, into their usual forms. Raises ValueError."""
    return [_parse(part) for part in filter(None, (piece.strip() for piece in text.split(",")))]


def _parse(part: str) -> str:
    try:
        found = ipaddress.ip_network(part) if "/" in part else ipaddress.ip_address(part)
    except ValueError as error:
        raise ValueError(f"{part!r} is no IP address and no range of them") from error
    return str(found)
