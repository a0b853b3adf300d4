"""A certificate for "localhost" and its key: made for tests, worth nothing elsewhere."""

import ssl
from pathlib import Path

KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgLg8KRYe7YcM9Rv9Q
6aPzggN+WjFmK38N9itB1nnKD9ahRANCAAQ5mW2HeS776e3O+Wp1o66Qivj3mxpX
TggmNzx7Wv64c2iM3ke0we0Y7m/LrTYpHZit7sc85uQ3w4XbSWINp/vg
-----END PRIVATE KEY-----
"""

CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUGfln/qAM04bJj2w2FHcOccZdcqwwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTIyMDA1M1oYDzIxMjYxMDI4
MjIwMDUzWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQ5mW2HeS776e3O+Wp1o66Qivj3mxpXTggmNzx7Wv64c2iM3ke0we0Y
7m/LrTYpHZit7sc85uQ3w4XbSWINp/vgo28wbTAdBgNVHQ4EFgQU/dRB2UCMiMFH
f9R1p8tgp2oQtMwwHwYDVR0jBBgwFoAU/dRB2UCMiMFHf9R1p8tgp2oQtMwwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSQAwRgIhAPQGikFlAdyYA3g8rSYFM5fWdbUhMj1qJQMIQgTTXv/kAiEA
6MnVuEF7Hn3wLgNQMrGlnw0ekk0UPiho0srlch2SINs=
-----END CERTIFICATE-----
"""


def server_context(folder: Path) -> ssl.SSLContext:
    """The server's side."""
    file = folder / "localhost.pem"
    file.write_text(KEY + CERTIFICATE, encoding="ascii")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def client_context() -> ssl.SSLContext:
    """The client's side: believes in this certificate and checks the name."""
    return ssl.create_default_context(cadata=CERTIFICATE)
