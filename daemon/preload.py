"""What the fork server loads once, so that its children need no file afterwards.

Importing this is the work: a reading process can open nothing once it is confined, so whatever
Python or a library would load at its first use is used here. Children share all of it.
"""

from __future__ import annotations

import encodings
import gc
import pkgutil
from contextlib import suppress
from importlib import import_module

import chardet

import daemon.reader
import handlers.understanding
from parsers.charset import ALLOWED
from parsers.read import read

_WORDS = "Où est l'élève? Größe, façade à réparer, garçon, naïf, œuvre; Straße überall, bêtise. "
_OTHERS = (
    "Привет, как у вас дела сегодня? ",
    "こんにちは、修理をお願いします。",
    "您好，请修理设备。",
)
_MAIL = b"""\
From: a@a.example
Subject: =?utf-8?q?R=C3=A9paration?=
Content-Type: text/html; charset=utf-8

<p>Bonjour, voici le lecteur 123456.</p><p>Merci</p>
"""


def load_codecs() -> None:
    """Load every codec of Python, and the tables that some fetch at their first letter."""
    for module in pkgutil.iter_modules(encodings.__path__):
        with suppress(ImportError, LookupError):  # those of other systems
            import_module(f"encodings.{module.name}")
    for name in ALLOWED:
        for text in (_WORDS, *_OTHERS):
            with suppress(LookupError):
                text.encode(name, "ignore").decode(name, "ignore")


def load_detector() -> None:
    """Load the tables by which unknown charsets are told apart."""
    for text in (_WORDS, *_OTHERS):
        for codec in ("utf-8", "cp1252", "koi8-r", "shift_jis", "gb18030"):
            chardet.detect((text * 4).encode(codec, "ignore"))


load_codecs()
load_detector()
read(_MAIL)
gc.collect()
gc.freeze()  # what is never looked at stays shared with the children
LOADED = (daemon.reader, handlers.understanding)
