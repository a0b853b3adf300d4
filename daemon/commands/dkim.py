"""savd dkim: keys that sign what leaves, and what to publish about them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from daemon.commands import options

app = typer.Typer(help="DKIM: make a key, print what to publish.", no_args_is_help=True)
BITS = 2048


@app.command("record")
def record(config: options.Config = "") -> None:
    """Print the TXT record of every key of [[dkim]], as a line of a zone file."""
    from daemon.config.dkim import domain_keys, zone_line

    keys = domain_keys(options.configuration_of(config))
    if not keys:
        typer.echo("no key: nothing is signed here, the relay may do it")
    for key in keys:
        typer.echo(zone_line(key))


@app.command("key")
def new_key(
    file: Annotated[Path, typer.Argument(help="Where to write it; must not be there yet.")],
    *,
    ed25519: Annotated[
        bool, typer.Option("--ed25519", help="Ed25519 (RFC 8463) instead of RSA of 2048 bits.")
    ] = False,
) -> None:
    """Make a private key, mode 0600: the `key_file` of a [[dkim]]. Not every receiver knows Ed25519 yet;
    use it beside an RSA key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    key = Ed25519PrivateKey.generate() if ed25519 else generate_private_key(65537, BITS)
    data = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.touch(mode=0o600, exist_ok=False)  # nobody reads it, not even for a moment
    file.write_bytes(data)
    typer.echo(
        f"{file}: name it as key_file of a [[dkim]], then publish what `savd dkim record` prints"
    )
