"""Mails for the benchmark: invented requests, replies, photos and orders, each another one.

A text mail has about 6 kB: a border server's headers, a text and an HTML part in
quoted-printable, as mail programs write them. Marks in a reply (`@@TO@@` ...) are filled when it
is sent: with the reply address, the Message-ID and the recipient of a notice that came from savd.
"""

from __future__ import annotations

import base64
import quopri
import random
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

DESK = "rma@desk.example"
BORDER = "mx.desk.example"
TO, REF, FROM, DOMAIN = b"@@TO@@", b"@@REF@@", b"@@FROM@@", b"@@DOMAIN@@"
NAMES = (
    *("Agathe Morvan", "Bastien Le Goff", "Colette Ruiz", "Dimitri Vasseur", "Esther Blanchet"),
    *("Fanny Kervella", "Gilles Oudin", "Harriet Doyle", "Ivan Petit", "Jocelyne Marchand"),
    *("Kate Winslow", "Ludovic Perrot", "Maud Salaün", "Nils Arden", "Odile Tanguy"),
)
FRENCH = (
    "Le lecteur de badges ne réagit plus depuis ce matin.",
    "La diode verte s'allume une seconde puis s'éteint.",
    "Nous avons remplacé l'alimentation et le câble, sans effet.",
    "Le boîtier est légèrement fendu sur le côté gauche.",
    "Le défaut revient dès que la température baisse dans l'atelier.",
    "Un redémarrage complet ne change rien au comportement.",
    "L'écran affiche des caractères illisibles après la mise à jour.",
    "Le clavier ne répond qu'une fois sur trois environ.",
    "Un bip continu se fait entendre tant que la porte reste ouverte.",
    "Nos équipes de nuit ont relevé le même défaut deux fois.",
    "L'appareil est posé dans le hall, à l'abri de l'humidité.",
    "Le technicien de passage n'a rien trouvé d'anormal au câblage.",
)
ENGLISH = (
    "The badge reader has not answered since this morning.",
    "The green light comes on for a second and goes out again.",
    "We have replaced the power supply and the cable, to no effect.",
    "The housing is slightly cracked on the left side.",
    "The fault comes back whenever the workshop gets cold.",
    "A full restart does not change anything.",
    "The screen shows unreadable characters after the update.",
    "The keypad only answers about one time in three.",
    "There is a steady beep as long as the door stays open.",
    "Our night shift has noted the same fault twice.",
    "The unit stands in the hall, away from any damp.",
    "The visiting engineer found nothing wrong with the wiring.",
)
CSS = (
    "body{font-family:Helvetica,Arial,sans-serif;font-size:11pt;color:#222}"
    "p.body{margin:0 0 9pt 0;line-height:1.45}span.sig{color:#666;font-size:9pt}"
)


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail to send: who writes, and its octets up to the final dot, dots doubled."""

    sender: str
    data: bytes
    is_reply: bool = False


def contacts(count: int) -> list[tuple[str, str]]:
    """Return the names and addresses of the people who write."""
    return [(NAMES[n % len(NAMES)], f"contact{n}@client{n % 40}.example") for n in range(count)]


def mails(count: int, kind: str, people: int, seed: int) -> Iterator[Sent]:
    """Yield mails of a kind: "text" (new requests) or "mix" (60 % new, 25 % replies, 10 % with a
    photo of 200 kB, 5 % with a PDF order)."""
    chance = random.Random(seed)
    who = contacts(people)
    for number in range(count):
        name, address = chance.choice(who)
        kinds, weights = ("new", "reply", "photo", "order"), (60, 25, 10, 5)
        what = "new" if kind == "text" else chance.choices(kinds, weights)[0]
        yield _mail(chance, what, f"{seed}-{number}", name, address)


def _mail(chance: random.Random, what: str, number: str, name: str, address: str) -> Sent:
    french = chance.random() < 0.6
    text = _text(chance, what, name, french=french)
    parts = _alternative(chance, text)
    if what == "photo":
        parts = mixed(chance, parts, _photo(chance), "image/jpeg", f"IMG_{number}.jpg")
    if what == "order":
        parts = mixed(chance, parts, order(chance, number), "application/pdf", f"{number}.pdf")
    subject = "Lecteur en panne" if french else "Reader out of order"
    top = head(chance, what, number, name, address, f"{subject} {number}")
    data = (top + parts).replace(b"\n", b"\r\n").replace(b"\r\n.", b"\r\n..")
    return Sent(address, data, what == "reply")


def _text(chance: random.Random, what: str, name: str, *, french: bool) -> str:
    sentences = FRENCH if french else ENGLISH
    story = " ".join(chance.sample(sentences, 5 if what == "reply" else 12))
    serial = f"QX{chance.randrange(10**8):08}"
    hello, bye = ("Bonjour,", "Cordialement,") if french else ("Hello,", "Kind regards,")
    if what == "reply":
        given = f"Référence : LB-{chance.randrange(900)}" if french else "Reference: LB-300"
    elif french:
        given = f"Numéro de série : {serial}\nIl est hors garantie, merci de le réparer."
    else:
        given = f"Serial number: {serial}\nIt is out of warranty, please repair it."
    phone = f"+33 2 98 {chance.randrange(100):02} {chance.randrange(100):02} 55"
    text = f"{hello}\n\n{story}\n\n{given}\n\n{bye}\n{name}\n{phone}\n"
    if what == "reply":
        line = "Le 2 nov. 2026 à 09:00, Desk a écrit :" if french else "On 2 Nov 2026, Desk wrote:"
        quoted = [f"> {sentence}" for sentence in chance.sample(sentences, 8)]
        text += f"\n{line}\n" + "\n".join(quoted) + "\n"
    return text


def _alternative(chance: random.Random, text: str) -> bytes:
    boundary = f"=_alt{chance.getrandbits(96):x}"
    rows = "".join(
        f'<p class="body"><span style="font-size:11.0pt;color:#222222">{line}</span></p>\n'
        for line in text.replace(">", "&gt;").split("\n")
    )
    html = f"<!DOCTYPE html><html><head><style>{CSS}</style></head><body>\n{rows}</body></html>\n"
    body = f'Content-Type: multipart/alternative; boundary="{boundary}"\n\n'.encode()
    for kind, content in (("plain", text), ("html", html)):
        body += (
            f"--{boundary}\nContent-Type: text/{kind}; charset=utf-8\n"
            "Content-Transfer-Encoding: quoted-printable\n\n"
        ).encode()
        body += quopri.encodestring(content.encode())
    return body + f"--{boundary}--\n".encode()


def mixed(chance: random.Random, parts: bytes, data: bytes, kind: str, name: str) -> bytes:
    """Return the parts of a mail with a file attached."""
    boundary = f"=_mix{chance.getrandbits(96):x}"
    head = f'Content-Type: multipart/mixed; boundary="{boundary}"\n\n--{boundary}\n'.encode()
    attached = (
        f'--{boundary}\nContent-Type: {kind}; name="{name}"\nContent-Transfer-Encoding: base64\n'
        f'Content-Disposition: attachment; filename="{name}"\n\n'
    ).encode()
    end = f"--{boundary}--\n".encode()
    return head + parts + attached + base64.encodebytes(data) + end


def head(
    chance: random.Random, what: str, number: str, name: str, address: str, subject: str
) -> bytes:
    """Return the header of a mail; that of a reply has marks in it."""
    domain = address.partition("@")[2]
    if what == "reply":
        address, domain = FROM.decode(), DOMAIN.decode()
    out = f"out.{domain}"
    came = "Mon, 2 Nov 2026 09:00:00 +0000"
    vouched = f"{BORDER}; dkim=pass header.d={domain}; dmarc=pass header.from={domain}"
    border = f"from {out} ({out} [198.51.100.7]) by {BORDER} with ESMTPS id {number}"
    sealed = "\n\t".join(base64.b64encode(chance.randbytes(48)).decode() for _ in range(10))
    lines = [
        f"Authentication-Results: {vouched}",
        f"Received: {border}\n\tfor <{DESK}>; {came}",
        f"Received: from [192.168.0.9] by {out} with ESMTPSA id {number}a; {came}",
        f"DKIM-Signature: v=1; a=rsa-sha256; d={domain}; s=a; h=from:to:subject;\n\tb={sealed}",
        f"From: {name.encode('ascii', 'ignore').decode()} <{address}>",
        f"To: {TO.decode() if what == 'reply' else DESK}",
        f"Subject: {'Re: ' if what == 'reply' else ''}{subject}",
        "Date: Mon, 2 Nov 2026 09:59:57 +0100",
        f"Message-ID: <{number}.{chance.getrandbits(64):x}@{domain}>",
        "MIME-Version: 1.0",
        "User-Agent: Mozilla Thunderbird",
        "Accept-Language: fr-FR, en-GB",
    ]
    if what == "reply":
        lines += [f"In-Reply-To: {REF.decode()}", f"References: {REF.decode()}"]
    return ("\n".join(lines) + "\n").encode()


def _photo(chance: random.Random) -> bytes:
    head = bytes.fromhex("ffd8ffe000104a46494600010101004800480000")
    return head + chance.randbytes(200_000).replace(b"\xff", b"\xfe") + b"\xff\xd9"


def order(chance: random.Random, number: str) -> bytes:
    from PIL import Image

    target = BytesIO()
    canvas = Canvas(target, pageCompression=1)
    picture = Image.frombytes("RGB", (128, 128), chance.randbytes(128 * 128 * 3))
    canvas.drawImage(ImageReader(picture), 420, 20, 120, 120)
    lines = [f"BON DE COMMANDE N° {number}", "Date : 06/11/2026", "", "Référence\tQté\tTotal HT"]
    lines += [f"LB-{n}\t{n}\t{n * 10},00" for n in range(1, 30)]
    lines += ["Total HT\t4350,00 €", "TVA 20 %\t870,00 €", "Total TTC\t5220,00 €"]
    for row, line in enumerate(lines):
        for column, cell in enumerate(line.split("\t")):
            canvas.drawString(40 + 130 * column, 800 - 14 * row, cell)
    canvas.save()
    return target.getvalue()
