"""Which addresses outgoing requests may reach: the public internet, and what the operator has named."""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from django.conf import settings

NAT64 = IPv6Network("64:ff9b::/96")
DEFAULT_PORTS = {"http": 80, "https": 443}


def is_public(address: str) -> bool:
    """Tell whether an IP address belongs to the public internet, also one that hides in an IPv6 address."""
    found = _unwrapped(ip_address(address.partition("%")[0]))
    return found.is_global and not found.is_multicast


def _unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else address)


def named_by_operator(host: str, port: int) -> bool:
    """Tell whether this is the origin of a configured `<SERVICE>_BASE_URL`."""
    return any((host, port) == _origin(service["base_url"]) for service in settings.SERVICES.values())


def _origin(url: str) -> tuple[str | None, int | None]:
    parts = urlsplit(url)
    return parts.hostname, parts.port or DEFAULT_PORTS.get(parts.scheme)


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host that may be reached, in the resolver's order; OSError for no such host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if settings.ALLOW_PRIVATE_ADDRESSES or named_by_operator(host, port):
        return addresses
    return [address for address in addresses if is_public(address)]
