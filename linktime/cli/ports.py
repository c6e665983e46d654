"""Ports that have to be free."""

import errno
import socket

from linktime.cli.problems import Stop


def require_free(host: str, port: int, option: str) -> None:
    """Raise Stop when somebody listens there. The web server itself would share a port without a word."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
            tried.listen(1)
    except OSError as error:
        raise Stop(_reason(host, port, option, error)) from error


def _reason(host: str, port: int, option: str, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} of {host} is in use. Stop what uses it, or choose another one with {option}."
    return f"Port {port} of {host} can't be used ({error.strerror}). Choose another one with {option}."
