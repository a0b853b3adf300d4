"""winmail.dat: the files inside are found, broken containers are survived (X-14)."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from parsers.containers.mapi import DATA
from parsers.containers.tnef import read_tnef
from parsers.read import read

HEAD = struct.pack("<IH", 0x223E9F78, 1)


def attribute(identity, value):
    return struct.pack("<BII", 2, identity, len(value)) + value + b"\x00\x00"


def prop(kind, identity, value):
    padded = value + bytes(-len(value) % 4)
    return struct.pack("<HHII", kind, identity, 1, len(value)) + padded


def container(short=b"PHOTO~1.JPG\x00", long="photo été.jpg"):
    properties = struct.pack("<I", 2) + struct.pack("<HHI", 3, 0x3705, 1)
    properties += prop(0x1F, 0x3707, (long + "\x00").encode("utf-16-le"))
    return (
        HEAD
        + attribute(0x00069002, b"\x01\x00")
        + attribute(0x00018010, short)
        + attribute(0x0006800F, b"\xff\xd8\xff data")
        + attribute(0x00069005, properties)
    )


def test_files_are_found_with_their_long_names():
    (file,) = read_tnef(container()).files
    assert (file.filename, file.data(DATA)) == ("photo été.jpg", b"\xff\xd8\xff data")


def test_a_mail_lists_the_hidden_files_in_place_of_the_container():
    mail = read(
        b"Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: binary\n\n"
        + container()
    )
    assert [(file.filename, file.content_type) for file in mail.attachments] == [
        ("photo été.jpg", "image/jpeg")
    ]


@given(st.binary(max_size=200), st.integers(0, 200))
def test_any_bytes_are_survived(noise, cut):
    read_tnef(HEAD + noise)
    whole = container()
    read_tnef(whole[: cut % len(whole)] + noise)
