"""Nobody gets us to speak to the network behind us."""

import socket
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from linktime.core import addresses, http
from linktime.core.tests.servers import always, answer, serving
from linktime.core.transport import Transport

PRIVATE = [
    "127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fd00::1", "ff02::1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:80ff:fffe",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_of_private_networks(address):
    assert not addresses.is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "96.43.144.26", "2a00:1450:4001::1", "64:ff9b::808:808"])
def test_addresses_of_the_internet(address):
    assert addresses.is_public(address)


@pytest.fixture
def guarded(settings):
    settings.ALLOW_PRIVATE_ADDRESSES = False


@pytest.fixture
def names(monkeypatch):
    """What names resolve to; asked for, they are counted."""
    known: dict[str, list[str]] = {}
    asked: list[str] = []

    def look_up(host, port, *_, **__):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in known.get(host, [host])]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", look_up)
    return known, asked


def test_a_private_address_is_not_spoken_to(guarded):
    with serving(always(answer())) as server, pytest.raises(http.NotSent, match="LINKTIME_ALLOW_PRIVATE_ADDRESSES"):
        http.request("GET", server.url)
    assert server.connections == 0


def test_a_name_for_a_private_address_is_not_spoken_to(guarded, names):
    names[0]["inside.example"] = ["127.0.0.1"]
    with serving(always(answer())) as server, pytest.raises(http.NotSent):
        http.request("GET", f"http://inside.example:{server.port}/")
    assert server.connections == 0


def test_the_address_that_was_checked_is_the_one_used(guarded, names, monkeypatch):
    """A name is resolved once, and no second look-up can lead elsewhere."""
    reached = []
    monkeypatch.setattr(socket, "create_connection", lambda address, *_, **__: reached.append(address) or 1 / 0)
    names[0]["two.example"] = ["10.0.0.1", "8.8.8.8"]
    with pytest.raises(ZeroDivisionError):
        http.request("GET", "http://two.example/")
    assert (names[1], reached) == (["two.example"], [("8.8.8.8", 80)])


def test_what_the_operator_named_is_spoken_to(guarded, settings):
    """The base URL of a service may be private: its host and port, and no other port of that host."""
    with serving(always(answer())) as server, serving(always(answer())) as other:
        settings.SERVICES = {"salesforce": {"base_url": f"{server.url}/salesforce"}}
        assert http.request("GET", f"{server.url}/salesforce/x").ok
        with pytest.raises(http.NotSent):
            http.request("GET", other.url)


def test_a_dead_first_address_does_not_hide_a_living_second(names):
    names[0]["both.example"] = ["127.0.0.2", "127.0.0.1"]
    with serving(always(answer())) as server:
        assert http.request("GET", f"http://both.example:{server.port}/").ok


def certificate_for(name, folder):
    """A certificate that vouches for itself, as files, and a server's context with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        built.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return path, context


def test_certificates_are_checked_by_name(names, tmp_path, monkeypatch):
    """We connect to an address, and the certificate must be that of the name."""
    names[0].update({"right.example": ["127.0.0.1"], "wrong.example": ["127.0.0.1"]})
    path, context = certificate_for("right.example", tmp_path)
    monkeypatch.setattr(http, "_shared", Transport(ssl.create_default_context(cafile=path)))
    with serving(always(answer()), context) as server:
        assert http.request("GET", f"https://right.example:{server.port}/").ok
        with pytest.raises(http.NotSent, match="wrong"):
            http.request("GET", f"https://wrong.example:{server.port}/")
        http._transport().close()
    assert len(server.requests) == 1
