"""The text of a mail among its parts, and what the HTML part tells of the plain one (X-13)."""

import time
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.html.text import Rendering, render
from parsers.structure import split
from parsers.text.body import choose_body
from parsers.text.witness import is_poorer, told


def part(kind, text, *headers):
    charset = "; charset=utf-8" if kind.startswith("text/") and "charset" not in kind else ""
    head = "".join(f"{header}\r\n" for header in headers)
    return f"Content-Type: {kind}{charset}\r\n{head}\r\n{text}"


def multipart(kind, *parts, boundary):
    body = "".join(f"--{boundary}\r\n{piece}\r\n" for piece in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n{body}--{boundary}--\r\n'


def mixed(*parts):
    return multipart("mixed", *parts, boundary="m")


def alternative(*parts):
    return multipart("alternative", *parts, boundary="a")


def related(*parts):
    return multipart("related", *parts, boundary="r")


def body_of(mail):
    return choose_body(split(f"MIME-Version: 1.0\r\n{mail}".encode()).parts)


def lines_at(body, name):
    lines = body.text.split("\n")
    return [lines[number] for number in sorted(getattr(body, name))]


PICTURE = part("image/png; name=logo.png", "x", "Content-Disposition: inline")


# Which parts are the text (RFC 2046 5.1.3, 5.1.4; RFC 2183; RFC 2387)


@pytest.mark.parametrize(
    "mail, text, files",
    [
        (part("text/plain", "a"), "a", []),
        (part("text/html", "<p>a</p>"), "a", []),
        (part("text/plain; name=fax.txt", "a"), "a", []),
        (part("text/plain", "a", "Content-Disposition: attachment; filename=x.txt"), "", ["x.txt"]),
        (alternative(part("text/plain", "a"), part("text/html", "<b>a</b>")), "a", []),
        (alternative(part("text/plain", ""), part("text/html", "<b>b</b>")), "b", []),
        (alternative(part("text/html", "<b>b</b>"), part("text/calendar", "x")), "b", [""]),
        (alternative(part("text/plain", "a"), part("text/plain", "a")), "a", []),
        (alternative(part("text/html", "<p>a</p>"), part("text/html", "<p>b</p>")), "b", []),
        (mixed(part("text/plain", "a"), PICTURE, part("text/plain", "b")), "a\nb\n", ["logo.png"]),
        (mixed(part("text/html", "a<br>"), PICTURE, part("text/html", "b")), "a\nb\n", ["logo.png"]),
        (mixed(part("text/plain", "a"), part("text/plain; name=readme.txt", "b", "Content-Disposition: inline")),
         "a", ["readme.txt"]),
        (mixed(part("text/plain", "a"), part("text/html", "b", "Content-Disposition: attachment; filename=b.html")),
         "a", ["b.html"]),
        (mixed(part("text/plain", "même texte"), part("text/html", "<p>même texte</p>")), "même texte", []),
        (alternative(part("text/plain", ""), related(part("text/html", "<p>a</p>"), PICTURE)),
         "a", ["logo.png"]),
        (related(alternative(part("text/plain", "a"), part("text/html", "<p>a</p>")), PICTURE),
         "a", ["logo.png"]),
        (alternative(part("text/plain", ""), mixed(part("text/html", "<p>a</p>"), PICTURE, part("text/html", "b"))),
         "a\nb", ["logo.png"]),
        (alternative(part("text/plain", "a"), mixed(part("text/html", "<p>a</p>"),
         part("text/plain; name=log.txt", "c", "Content-Disposition: inline"))), "a", ["log.txt"]),
    ],
)  # fmt: skip
def test_texts_and_files_are_told_apart(mail, text, files):
    body = body_of(mail)
    assert body.text == text
    assert [file.filename for file in body.files] == files


def test_a_plain_part_that_only_points_to_the_html_is_no_text():
    plain = "Your mail program does not support HTML. View this message in your browser."
    html = "<p>Bonjour, la porte est bloquée.</p>"
    body = body_of(alternative(part("text/plain", plain), part("text/html", html)))
    assert body.text == "Bonjour, la porte est bloquée."


def test_a_plain_part_that_lost_most_words_gives_way_to_the_html():
    words = "La porte du parking ne s'ouvre plus depuis lundi matin, voici le détail. " * 5
    html = f"<html><style>{'p{color:red}' * 80}</style><p>{words}</p></html>"
    body = body_of(alternative(part("text/plain", "Bonjour"), part("text/html", html)))
    assert body.text.startswith("La porte du parking")


TABLE = (
    "<p>Voici :</p><table><tr><td>Modèle</td><td>Série</td></tr><tr><td>K-200</td><td>FX-80233"
    "</td></tr><tr><td>K-201</td><td>FX-80290</td></tr></table><p>Merci</p>"
)


def test_a_plain_part_that_spread_a_table_over_lines_gives_way_to_the_html():
    plain = "Voici :\n\nModèle\n\nSérie\n\nK-200\n\nFX-80233\n\nK-201\n\nFX-80290\n\nMerci\n"
    body = body_of(alternative(part("text/plain", plain), part("text/html", TABLE)))
    assert "K-200\tFX-80233\nK-201\tFX-80290" in body.text


def test_a_plain_part_that_kept_the_rows_stays():
    plain = "Voici :\nModèle   Série\nK-200   FX-80233\nK-201   FX-80290\nMerci"
    body = body_of(alternative(part("text/plain", plain), part("text/html", TABLE)))
    assert body.text == plain


def test_a_big_picture_inside_the_html_does_not_cost_the_words_below_it():
    html = f"<p>a</p><img src='data:image/png;base64,{'A' * 3_000_000}'><p>b</p>"
    assert body_of(part("text/html", html)).text == "a\n\nb"


# What the HTML tells of the plain text

OUTLOOK = (
    "<div class=WordSection1><p class=MsoNormal>Accord pour le devis,<br>merci.</p>{}"
    "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>"
    "<p class=MsoNormal><b>Lähettäjä:</b> SAV &lt;<a href='mailto:rma@desk.example'>rma@desk.example"
    "</a>&gt;<br><b>Lähetetty:</b> maanantai<br><b>Aihe:</b> Devis</p></div>"
    "<p class=MsoNormal>Votre devis est prêt.</p></div>"
)
PLAIN_HISTORY = (
    "Lähettäjä: SAV <rma@desk.example<mailto:rma@desk.example>>\nLähetetty: maanantai\n"
    "Aihe: Devis\n\nVotre devis est prêt.\n"
)


def test_html_tells_where_history_begins_in_a_plain_part_without_quote_marks():
    plain = f"Accord pour le devis,\nmerci.\n\n{PLAIN_HISTORY}"
    body = body_of(alternative(part("text/plain", plain), part("text/html", OUTLOOK.format(""))))
    assert body.text.split("\n")[body.history].startswith("Lähettäjä")
    assert lines_at(body, "older")[-1].strip() in {"", "Votre devis est prêt."}
    assert "merci." not in lines_at(body, "older")


def test_html_tells_where_the_signature_stands():
    signature = "<div id=Signature><p>Rosa Lind</p><p>Hotel Lind &amp; Co</p></div>"
    plain = f"Accord pour le devis,\nmerci.\nRosa Lind\nHotel Lind & Co\n{PLAIN_HISTORY}"
    html = OUTLOOK.format(signature)
    body = body_of(alternative(part("text/plain", plain), part("text/html", html)))
    assert lines_at(body, "signatures") == ["Rosa Lind", "Hotel Lind & Co"]


def test_lines_wrapped_in_the_plain_part_are_found_again():
    attribution = "Op maandag 9 november 2026 om 08:02 schreef SAV Exemple van de dienst na verkoop"
    html = (
        f"<div>Ja</div><div class=moz-cite-prefix>{attribution} &lt;rma@desk.example&gt;:</div>"
        "<blockquote type=cite>Mag de motor vervangen worden of wilt u eerst een offerte zien?"
        "</blockquote><div>Nee, ik wil eerst een offerte.</div>"
    )
    plain = (
        f"Ja\n\n{attribution[:43]}\n{attribution[44:]} <rma@desk.example>:\n\nMag de motor vervangen "
        "worden of wilt\nu eerst een offerte zien?\n\nNee, ik wil eerst een offerte.\n"
    )
    body = body_of(alternative(part("text/plain", plain), part("text/html", html)))
    assert lines_at(body, "attributions") == plain.split("\n")[2:4]
    assert [line for line in lines_at(body, "older") if line] == plain.split("\n")[5:7]
    assert body.history == -1


def test_quoted_lines_of_the_plain_part_need_no_further_mark():
    html = "<p>Oui, demain.</p><blockquote type=cite>Quand venez-vous ?</blockquote>"
    seen = told("Oui, demain.\n\n> Quand venez-vous ?", render(html))
    assert not seen.older
    assert seen.history == -1


def test_html_with_other_words_tells_nothing():
    html = "<p>tout autre chose</p><blockquote type=cite>qui n'est pas dans le texte</blockquote>"
    assert told("Bonjour,\nmerci", render(html)) == Rendering(text="Bonjour,\nmerci")


def test_a_quotation_of_words_the_customer_repeats_marks_only_what_stands_below():
    html = (
        "<p>Mon numéro de série est K-200.</p><p>Bien à vous</p>"
        "<blockquote type=cite>Mon numéro de série est K-200.</blockquote>"
    )
    plain = "Mon numéro de série est K-200.\n\nBien à vous\n\nMon numéro de série est K-200."
    assert told(plain, render(html)).older == {4}


WORDS = st.lists(
    st.sampled_from(["bonjour monsieur", "> cité avant", "le 3 mars il a écrit :", "", "x" * 50]),
    max_size=12,
)


@given(WORDS, WORDS, st.sets(st.integers(0, 11)), st.sets(st.integers(0, 11)))
def test_whatever_the_html_says_only_lines_of_the_text_are_marked(plain, rich, first, second):
    text = "\n".join(plain)
    count = len("\n".join(rich).split("\n"))
    seen = Rendering(
        text="\n".join(rich),
        attributions=frozenset(n for n in first if n < count),
        older=frozenset(n for n in second - first if n < count),
    )
    result = told(text, seen)
    lines = text.split("\n")
    assert result.text == text
    for number in result.attributions | result.signatures | result.older:
        assert 0 <= number < len(lines)
    assert -1 <= result.history < len(lines)
    is_poorer(text, seen)


@pytest.mark.parametrize(
    "make",
    [
        lambda n: ("a" * 40 + "\n") * n,
        lambda n: "".join(f"> ligne {k} du texte\nréponse {k} au texte\n" for k in range(n)),
        lambda n: "".join(f"{k}\tab{k}\n" for k in range(n)),
    ],
)
def test_twice_the_text_takes_twice_the_time(make):
    def spent(size):
        text = make(size)
        seen = Rendering(text=text, older=frozenset(range(1, size, 2)))
        start = time.process_time()
        told(text, seen)
        is_poorer(text, seen)
        return time.process_time() - start

    # by turns, so that a busy moment hits both sizes, and of each the quickest
    pairs = [(spent(8_000), spent(16_000)) for _ in range(6)]
    assert min(pair[1] for pair in pairs) <= 2.5 * min(pair[0] for pair in pairs) + 0.01


def test_a_mail_as_python_builds_it_reads_the_same():
    mail = EmailMessage()
    mail.set_content("Bonjour,\nla porte est bloquée.\n")
    mail.add_alternative("<p>Bonjour,<br>la porte est bloquée.</p>", subtype="html")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="f.pdf")
    body = choose_body(split(mail.as_bytes()).parts)
    assert body.text.strip() == "Bonjour,\nla porte est bloquée."
    assert [file.filename for file in body.files] == ["f.pdf"]
