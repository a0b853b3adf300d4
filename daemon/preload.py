"""What the fork server loads once, so that its children need no file afterwards.

Importing this is the work: a reading process can open nothing once it is confined, so whatever
Python or a library would load at its first use is used here. Children share all of it. A fork
server says nothing when this fails, so each child asks for it again before it is confined.
"""

from __future__ import annotations

import encodings
import gc
import pkgutil
from contextlib import suppress
from importlib import import_module

import chardet

import handlers.understanding
from parsers.read import read

_WORDS = "Où est l'élève? Größe, façade à réparer, garçon, naïf, œuvre; Straße überall, bêtise. "
_OTHERS = (
    "Привет, как у вас дела сегодня? ",
    "こんにちは、修理をお願いします。",
    "您好，请修理设备。",
)
_MAIL = """\
From: a@a.example
Subject: =?utf-8?q?R=C3=A9paration?=
Content-Type: text/html; charset=utf-8

<p>{}</p><p>-- <br>A</p><blockquote type=cite>&gt;</blockquote>
"""
_SAID = (
    "Bonjour, je veux que vous répariez l'appareil 123456, merci de me dire combien de jours.",
    "Hello, please repair the device 123456 and tell me how many days it will take, thank you.",
    "Guten Tag, bitte reparieren Sie das Gerät 123456 und sagen Sie mir, wann es fertig ist.",
    "Goedendag, gelieve het toestel 123456 te herstellen en laat me weten wanneer het klaar is.",
)


def load_codecs() -> None:
    """Load every codec of Python, and the tables that some fetch at their first letter."""
    for module in pkgutil.iter_modules(encodings.__path__):
        with suppress(ImportError):  # those of other systems
            import_module(f"encodings.{module.name}")
        for text in (_WORDS, *_OTHERS):
            with suppress(LookupError, UnicodeError):  # those that are no codec of texts
                text.encode(module.name, "ignore").decode(module.name, "ignore")


def load_detector() -> None:
    """Load the tables by which unknown charsets are told apart."""
    for text in (_WORDS, *_OTHERS):
        for codec in ("utf-8", "cp1252", "koi8-r", "shift_jis", "gb18030"):
            chardet.detect((text * 4).encode(codec, "ignore"))


def load_words() -> None:
    """Read a mail in each language: patterns are compiled when their words are first met."""
    for said in _SAID:
        read(_MAIL.format(said).encode())


load_codecs()
load_detector()
load_words()
gc.collect()
gc.freeze()  # what is never looked at stays shared with the children
LOADED = handlers.understanding
