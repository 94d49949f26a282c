"""A certificate of a test's own, and servers that speak TLS with it."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a test's own")])


class Certificate(NamedTuple):
    """The files of a certificate that nobody has signed."""

    file: Path
    key: Path


def certificate(folder: Path, *hosts: str) -> Certificate:
    """Write a certificate for some hosts, valid for a day."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
    builder = x509.CertificateBuilder(NAME, NAME, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1))
    made = Certificate(folder / "certificate.pem", folder / "key.pem")
    signed = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    made.file.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    made.key.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return made


@contextmanager
def planting_site(certified: Certificate, cookies: Sequence[bytes]) -> Iterator[int]:
    """Serve a page over TLS that sets cookies, byte for byte; give its port."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            lines = [b"HTTP/1.1 200 OK", b"Content-Length: 0", *(b"Set-Cookie: " + cookie for cookie in cookies)]
            self.wfile.write(b"\r\n".join([*lines, b"", b""]))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            """Say nothing."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certified.file, certified.key)
    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()
