"""What reading one mail costs: a customer's answer of 6 kB, and a new request.

    python -m benchmarks.reading [--mails N] [--seed N] [--profile]

Each mail is another one: a text and an HTML part, a DKIM signature, our notice quoted below, the
writer's signature. Everything is read: structure, segments, language, intent, labelled lines, and
the sheets of a request. The standard library's parser (compat32, the tree of parts alone) reads
the same mails in the same run: ratios travel to other machines, milliseconds do not.

Then the same answer with an order (PDF) and with a photo of 12 megapixels, files opened: what the
two pools of readers do, without the processes.
"""

from __future__ import annotations

import argparse
import email
import pickle
import quopri
import random
import sys
import time
from collections.abc import Callable, Sequence
from io import BytesIO

from benchmarks import traffic
from benchmarks.profile import profile_calls
from handlers.understanding import Understanding
from parsers.files.opening import with_opened_files
from parsers.read import read
from tests.notice_desk import WORKFLOW

ROUNDS = 5
MARKS = {
    traffic.TO: b"rma+rma-2026-000412.k1.q8Zt@desk.example",
    traffic.REF: b"<rma-2026-000412.n2.k1.q8Zt@desk.example>",
    traffic.FROM: b"contact@client.example",
    traffic.DOMAIN: b"client.example",
}
NOTICE = (
    "Votre demande RMA-2026-{number:06} est enregistrée.",
    "Merci de renvoyer le lecteur {serial} à l'adresse ci-dessous, avec la fiche jointe.",
    "Répondez à ce message pour toute question ; écrivez au-dessus de cette ligne.",
    "Sans réponse de votre part sous dix jours, le lecteur vous est rendu en l'état.",
    "Le diagnostic est gratuit ; un devis vous est envoyé avant toute réparation payante.",
    "Référence : LB-300",
    "Atelier de réparation, 12 rue des Forges, 59000 Lille",
)
SIGNATURE = "{name}\nResponsable maintenance\nBanque Exemple, 4 place du Marché, 75011 Paris\n"
SIGNATURE += "Tél. +33 1 23 45 67 89 | www.banque.example"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.reading", description=__doc__.split("\n")[0])
    parser.add_argument("--mails", type=int, default=300)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--profile", action="store_true", help="the dearest functions")
    asked = parser.parse_args(arguments)
    if asked.profile:
        profile_calls(read, replies(asked.mails, asked.seed), most=40)
        return 0
    show(asked.mails, asked.seed)
    return 0


def show(count: int, seed: int) -> None:
    """Print a row for answers and one for requests."""
    print(f"  {'read, on one core':34}{'mails/s':>11}{'CPU ms':>9}{'x stdlib':>9}{'kB':>7}")
    for label, some in (
        ("answer: quotes, signature, intent", replies(count, seed)),
        ("request: and its sheets", requests(count, seed)),
    ):
        reading = Understanding(workflows={"rma": WORKFLOW})
        mine = cost(lambda data, reading=reading: pickle.dumps(reading(data, "rma"), 5), some)
        plain = cost(email.message_from_bytes, some)
        _print(label, mine, plain, some)
    chance = random.Random(seed)
    for label, some in (
        ("answer with an order, opened", [_with_order(chance, n) for n in range(10)]),
        ("answer with a 12 MP photo, opened", [_with_photo(chance, n) for n in range(2)]),
    ):
        opened = cost(lambda data: pickle.dumps(with_opened_files(read(data)), 5), some, rounds=2)
        _print(label, opened, cost(email.message_from_bytes, some), some)


def _print(label: str, mine: float, plain: float, some: Sequence[bytes]) -> None:
    size = sum(map(len, some)) / len(some) / 1000
    print(f"  {label:34}{1000 / mine:11.1f}{mine:9.2f}{mine / plain:9.1f}{size:7.1f}")


def cost(call: Callable[[bytes], object], some: Sequence[bytes], *, rounds: int = ROUNDS) -> float:
    """Return the processor milliseconds a mail takes, of the fastest of some rounds."""
    call(some[0])  # what is loaded at first use
    taken = []
    for _ in range(rounds):
        began = time.process_time()
        for data in some:
            call(data)
        taken.append(time.process_time() - began)
    return 1000 * min(taken) / len(some)


def requests(count: int, seed: int) -> list[bytes]:
    """Return new requests, as the end-to-end rows send them."""
    return [mail.data for mail in traffic.mails(count, "text", 50, seed)]


def replies(count: int, seed: int) -> list[bytes]:
    """Return answers of customers to a notice of ours, in French and in English."""
    chance = random.Random(seed)
    return [_reply(chance, number) for number in range(count)]


def _with_order(chance: random.Random, number: int) -> bytes:
    paper = traffic.order(chance, str(number))
    return _reply(chance, number, paper, "application/pdf", f"BC-{number}.pdf")


def _with_photo(chance: random.Random, number: int) -> bytes:
    from PIL import Image

    grain = Image.frombytes("L", (504, 378), chance.randbytes(504 * 378))
    target = BytesIO()
    grain.resize((4032, 3024)).convert("RGB").save(target, "JPEG", quality=90)
    return _reply(chance, number, target.getvalue(), "image/jpeg", f"IMG_{number}.jpg")


def _reply(
    chance: random.Random, number: int, file: bytes = b"", kind: str = "", filename: str = ""
) -> bytes:
    name = chance.choice(traffic.NAMES)
    french = chance.random() < 0.6
    hello, bye = ("Bonjour,", "Cordialement,") if french else ("Hello,", "Kind regards,")
    said = " ".join(chance.sample(traffic.FRENCH if french else traffic.ENGLISH, 6))
    mine = [hello, "", said, "", bye]
    wrote = (
        "Le lun. 2 nov. 2026 à 08:12, Atelier <rma@desk.example> a écrit :"
        if french
        else "On Mon, Nov 2, 2026 at 8:12 AM Workshop <rma@desk.example> wrote:"
    )
    serial = f"QX{chance.randrange(10**8):08}"
    ours = [line.format(number=number, serial=serial) for line in NOTICE]
    sign = SIGNATURE.format(name=name)
    text = "\n".join([*mine, "", "-- ", sign, "", wrote, *(f"> {line}" for line in ours)])
    body = "".join(
        f'<div class="gmail_default" style="font-size:small">{line or "<br>"}</div>'
        for line in mine
    )
    style = "margin:0 0 9pt 0;font-family:Helvetica,Arial,sans-serif;line-height:1.45"
    quoted = "".join(f'<p style="{style}">{line}</p>' for line in ours)
    signed = '<div class="gmail_signature">' + sign.replace("\n", "<br>") + "</div>"
    history = f'<div class="gmail_quote"><div class="gmail_attr">{wrote}<br></div>'
    history += f'<blockquote class="gmail_quote">{quoted}</blockquote></div>'
    page = f"<html><head><style>{traffic.CSS}</style></head><body>{body}{signed}{history}</body></html>"
    head = traffic.head(chance, "reply", str(number), name, "contact@client.example", "Retour")
    for mark, value in MARKS.items():
        head = head.replace(mark, value)
    parts = _alternative(text, page)
    if file:
        parts = traffic.mixed(chance, parts, file, kind, filename)
    return (head + parts).replace(b"\n", b"\r\n")


def _alternative(text: str, page: str) -> bytes:
    parts = [b'Content-Type: multipart/alternative; boundary="=_b"\n\n']
    for kind, body in (("plain", text), ("html", page)):
        said = f'--=_b\nContent-Type: text/{kind}; charset="UTF-8"\n'
        parts.append(f"{said}Content-Transfer-Encoding: quoted-printable\n\n".encode())
        parts.append(quopri.encodestring(body.encode()) + b"\n")
    return b"".join([*parts, b"--=_b--\n"])


if __name__ == "__main__":
    sys.exit(main())
