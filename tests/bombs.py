"""Small files that unfold into enormous work: all invented, made when a test asks for them."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from functools import cache

from PIL import Image

UNFOLDED = 400 << 20
"""What the compressed ones come to: more than the tests' readers may hold."""


def pdf(*objects, root=1):
    """Return a PDF of these numbered objects; the first is its catalog."""
    out, places, start = [b"%PDF-1.7\n"], [], 9
    for number, body in enumerate(objects, 1):
        places.append(start)
        out.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        start += len(out[-1])
    out.append(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out += [b"%010d 00000 n \n" % place for place in places]
    out.append(b"trailer <</Size %d /Root %d 0 R>>\n" % (len(objects) + 1, root))
    return b"".join([*out, b"startxref\n%d\n%%%%EOF\n" % start])


def stream(data, words=b""):
    """Return a stream object."""
    return b"<</Length %d %s>>\nstream\n%s\nendstream" % (len(data), words, data)


def one_page(content, *others, resources=b""):
    """Return a PDF with one page of this content stream; the others are objects 5 and up."""
    return pdf(
        b"<</Type /Catalog /Pages 2 0 R>>",
        b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources <</Font <</F <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>>> %s>>>>"
        % resources,
        content,
        *others,
    )


def flated(data):
    """Return a content stream, packed."""
    return stream(zlib.compress(data, 9), b"/Filter /FlateDecode")


@cache
def zeros():
    """Return many zeros, packed."""
    packer, piece = zlib.compressobj(9), bytes(1 << 20)
    parts = [packer.compress(piece) for _ in range(UNFOLDED >> 20)]
    return b"".join(parts) + packer.flush()


def laughs():
    """A form that draws ten forms that draw ten forms, ten deep."""
    forms = b"".join(b"/X%d %d 0 R " % (n, n + 5) for n in range(11))
    of_page = b"/XObject <<%s>>" % forms
    levels = [
        stream(
            b"/X%d Do " % (n + 1) * 10 if n < 10 else b"BT /F 9 Tf (ha) Tj ET",
            b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources <<%s>>" % of_page,
        )
        for n in range(11)
    ]
    return one_page(stream(b"/X0 Do"), *levels, resources=of_page)


def flate_once():
    return one_page(stream(zeros(), b"/Filter /FlateDecode"))


def flate_twice():
    return one_page(stream(zlib.compress(zeros(), 9), b"/Filter [/FlateDecode /FlateDecode]"))


def rectangles():
    return one_page(flated(b"0 0 1 1 re f " * 1_000_000))


def text_operators():
    return one_page(flated(b"BT /F 9 Tf " + b"1 0 Td (a) Tj " * 300_000 + b"ET"))


def deep_arrays():
    return one_page(stream(b"BT ET"), b"[" * 100_000 + b"]" * 100_000)


def deep_content():
    return one_page(flated(b"[" * 1_000_000))


def own_kids():
    return pdf(
        b"<</Type /Catalog /Pages 2 0 R>>",
        b"<</Type /Pages /Kids [2 0 R 2 0 R] /Count 1000000>>",
    )


def many_pages():
    page = b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 9 9]>>"
    kids = b"".join(b"%d 0 R " % n for n in range(3, 50_003))
    return pdf(
        b"<</Type /Catalog /Pages 2 0 R>>",
        b"<</Type /Pages /Kids [%s] /Count 50000>>" % kids,
        *[page] * 50_000,
    )


def one_page_often():
    return pdf(
        b"<</Type /Catalog /Pages 2 0 R>>",
        b"<</Type /Pages /Kids [%s] /Count 50000>>" % (b"3 0 R " * 50_000),
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 9 9]>>",
    )


def huge_page_picture():
    """A page that shows a picture of 60,000 by 60,000."""
    picture = b"/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /BitsPerComponent 8"
    words = picture + b" /ColorSpace /DeviceGray /Filter /FlateDecode"
    return one_page(
        stream(b"595 0 0 842 0 0 cm /X Do"),
        stream(zeros(), words),
        resources=b"/XObject <</X 5 0 R>>",
    )


def garbage():
    return b"%PDF-1.7\n" + random.Random(7).randbytes(50_000)


def png(width=13_000, height=13_000):
    """A grey picture of 169 megapixels in about 160 kB."""

    def chunk(name, data):
        check = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)

    packer, line = zlib.compressobj(9), bytes(width + 1)
    rows = b"".join([packer.compress(line) for _ in range(height)]) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def packed(form, **options):
    """Return a small grey picture in a format."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (120, 120, 120)).save(out, form, **options)
    return bytearray(out.getvalue())


def jpeg():
    data = packed("JPEG")
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", 65_000, 65_000)
    return bytes(data)


def gif():
    data = packed("GIF")
    data[6:10] = struct.pack("<HH", 65_535, 65_535)
    at = data.index(b",\0\0\0\0")
    data[at + 5 : at + 9] = struct.pack("<HH", 65_535, 65_535)
    return bytes(data)


def webp():
    data = packed("WEBP", lossless=True)
    at = data.index(b"VP8L") + 9  # 14 bits of width - 1, 14 of height - 1
    (bits,) = struct.unpack_from("<I", data, at)
    struct.pack_into("<I", data, at, bits & 0xF0000000 | 16_382 << 14 | 16_382)
    return bytes(data)


def tiff():
    tags = [(256, 60_000), (257, 60_000), (258, 8), (259, 1), (262, 1), (273, 8)]
    tags += [(277, 1), (278, 60_000), (279, 3_600_000_000)]
    rows = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return b"II*\x00\x08\0\0\0" + struct.pack("<H", len(tags)) + rows + bytes(4)


def avif():
    return _declared_larger(packed("AVIF"))


def _declared_larger(data):
    """Let every `ispe` box (ISO 23008-12 section 6.5.3) say 60,000 by 60,000."""
    at = data.index(b"ispe")
    while at >= 0:
        data[at + 8 : at + 16] = struct.pack(">II", 60_000, 60_000)
        at = data.find(b"ispe", at + 16)
    return bytes(data)


def svg():
    return (
        b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        b'<svg xmlns="http://www.w3.org/2000/svg" width="1e9" height="1e9">&x;<script>1</script></svg>'
    )


def office():
    """A letter of which one part is enormous."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        with made.open("word/document.xml", "w") as part:
            for _ in range(100):
                part.write(bytes(1 << 20))
    return out.getvalue()


def xml_laughs():
    levels = b"".join(
        b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"ha") for n in range(12)
    )
    return b'<?xml version="1.0"?><!DOCTYPE Invoice [%s]><Invoice>&a11;</Invoice>' % levels


def xml_outside():
    return (
        b'<?xml version="1.0"?><!DOCTYPE Invoice [<!ENTITY x SYSTEM "file:///etc/passwd">'
        b'<!ENTITY % y SYSTEM "http://127.0.0.1:9/y.dtd"> %y;]><Invoice>&x;</Invoice>'
    )


def xml_deep():
    return b'<?xml version="1.0"?>' + b"<a>" * 200_000


PAPERS = (
    *(laughs, flate_once, flate_twice, rectangles, text_operators, deep_arrays, deep_content),
    *(own_kids, many_pages, one_page_often, huge_page_picture, garbage),
)
PICTURES = (png, jpeg, gif, webp, tiff, avif)
OTHERS = (svg, office, xml_laughs, xml_outside, xml_deep)
