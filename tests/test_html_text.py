"""HTML as text: what a person sees, and what each mail program's marks tell."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.html.text import render


def shown(html):
    return render(html).text


def lines_at(html, name):
    rendering = render(html)
    lines = rendering.text.split("\n")
    return [lines[number] for number in sorted(getattr(rendering, name))]


def older(html):
    return lines_at(html, "older")


def unmarked(html):
    """The lines a person wrote: no quote mark, of no known kind."""
    rendering = render(html)
    known = rendering.attributions | rendering.signatures | rendering.older
    lines = enumerate(rendering.text.split("\n"))
    return [line for n, line in lines if line and n not in known and not line.startswith(">")]


# Words, lines, paragraphs


@pytest.mark.parametrize(
    "html, text",
    [
        ("<p>un</p><p>deux</p>", "un\n\ndeux"),
        ("<div>un</div><div>deux</div>", "un\ndeux"),
        ("un<br>deux<br/>trois", "un\ndeux\ntrois"),
        ("<div>un</div><div><br></div><div>deux</div>", "un\n\ndeux"),
        ("<p>un<p>deux", "un\n\ndeux"),
        ("<p style='margin:0'>un</p><p style='margin:0'>deux</p>", "un\ndeux"),
        ("<p class=MsoNormal>un</p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>deux</p>",
         "un\n\ndeux"),
        ("a   lot\n of\t<b>space </b> here", "a lot of space here"),
        ("<h2>Titre</h2>texte", "Titre\n\ntexte"),
        ("<pre>a\n  b\n\n\tc</pre>d", "a\n  b\n\n\tc\n\nd"),
        ("<div style='white-space: pre-wrap'>a\nb</div>", "a\nb"),
        ("Caf&eacute; &amp; th&#233; &lt;1 &euro;&gt;", "Café & thé <1 €>"),
        ("se\u00adrie: FX\u200b-80\ufeff233", "serie: FX-80233"),
        ("&#8203;&zwnj;&nbsp;\u034f<p>mot</p>", "mot"),
        ("a &lt; b < c <3 d", "a < b < c <3 d"),
        ("<hr>", "_" * 32),
        ("", ""),
    ],
)  # fmt: skip
def test_words_and_lines_stand_as_a_person_sees_them(html, text):
    assert shown(html) == text


def test_text_behind_the_end_of_the_page_is_kept():
    assert shown("<html><body><p>a</p></body></html><div>footer</div>") == "a\n\nfooter"


def test_an_attribute_with_a_stray_quote_or_bracket_hides_nothing():
    assert shown('<td width=5">a</td><a title="x > y" href=z>b</a><p class="q>c</p>') == "a\nb\n\nc"


def test_a_tag_cut_off_at_the_end_is_no_text():
    assert shown("<p>a</p><img src='data:image/png;base64,AAAA") == "a"


# Lists


def test_lists_have_bullets_numbers_and_indents():
    html = (
        "<p>Avant</p><ul><li>un</li><li>deux<ol start='3'><li>a</li><li>b<br>suite</li></ol></li>"
        "<li><p>trois</p></li></ul><div>après</div>"
    )
    assert shown(html) == ("Avant\n\n- un\n- deux\n  3. a\n  4. b\n     suite\n- trois\naprès")


def test_items_without_end_tags_are_items_of_their_own():
    assert shown("<ol><li>a<li>b<ul><li>c</ul><li>d</ol>") == "1. a\n2. b\n   - c\n3. d"


WORD_ITEM = (
    "<p class=MsoListParagraph style='margin-left:36pt;mso-list:l0 level1 lfo1'><![if !supportLists]>"
    "<span style='mso-list:Ignore'>{}<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp; "
    "</span></span><![endif]>{}<o:p></o:p></p>"
)


def test_the_bullets_and_numbers_that_word_draws_have_one_space():
    items = [("1.", "FX-1"), ("2.", "FX-2"), ("<span style='font-family:Symbol'>·</span>", "FX-3")]
    html = "".join(WORD_ITEM.format(*item) for item in items)
    assert shown(html) == "1. FX-1\n2. FX-2\n- FX-3"


# Tables


def test_a_row_is_a_line_and_a_tab_stands_between_cells():
    html = (
        "<table border=1><thead><tr><th>Modèle</th><th>N° de série</th></tr></thead><tbody>"
        "<tr><td><p class=MsoNormal>K-200<o:p></o:p></p></td><td><p>FX-80233</p></td></tr>"
        "<tr><td>K-201</td><td><span>FX-</span><b>80290</b></td></tr></tbody></table>"
    )
    assert shown(html) == "Modèle\tN° de série\nK-200\tFX-80233\nK-201\tFX-80290"


def test_an_empty_cell_keeps_its_column_and_an_empty_column_goes():
    html = (
        "<table><tr><td>a</td><td>&nbsp;</td><td>b</td><td></td></tr>"
        "<tr><td></td><td><img src=x></td><td>c</td><td>&nbsp;</td></tr>"
        "<tr><td>d</td><td></td><td>e</td><td></td></tr><tr><td>f</td></tr></table>"
    )
    assert shown(html) == "a\tb\n\tc\nd\te\nf"


def test_layout_tables_make_no_tabs():
    html = (
        "<table><tr><td width=20>&nbsp;</td><td><table><tr><td>Bonjour,</td></tr>"
        "<tr><td><p>un</p><p>deux</p></td></tr></table></td><td></td></tr></table>"
    )
    assert shown(html) == "Bonjour,\nun\n\ndeux"


def test_a_cell_of_several_short_lines_stays_in_its_row():
    html = "<table><tr><td>K-200</td><td>FX-1<br>FX-2<br>FX-3</td></tr></table>"
    assert shown(html) == "K-200\tFX-1 FX-2 FX-3"


def test_cells_with_as_many_lines_are_read_side_by_side():
    html = "<table><tr><td>K-1<br>K-2</td><td>FX-1<br>FX-2</td></tr></table>"
    assert shown(html) == "K-1\tFX-1\nK-2\tFX-2"


def test_long_cells_beside_each_other_are_read_one_after_the_other():
    long = "Une phrase assez longue pour remplir une colonne. " * 5
    html = f"<table><tr><td><p>{long}</p><p>fin</p></td><td>{long}</td></tr></table>"
    assert "\t" not in shown(html)
    assert shown(html).count("colonne") == 10


def test_a_wide_cell_takes_its_columns():
    html = (
        "<table><tr><td>a</td><td>b</td><td>c</td></tr>"
        "<tr><td colspan=2>total</td><td>9</td></tr></table>"
    )
    assert shown(html) == "a\tb\tc\ntotal\t\t9"


def test_rows_and_cells_without_end_tags_are_rows_and_cells():
    assert shown("<table><tr><td>a<td>b<tr><td>c<td>d</table>e") == "a\tb\nc\td\ne"


# Links and pictures


@pytest.mark.parametrize(
    "html, text",
    [
        ("<a href='https://ups.example/t/1'>Suivi</a>", "Suivi <https://ups.example/t/1>"),
        ("<a href='https://www.x.example/'>www.x.example</a>", "www.x.example"),
        ("<a href='http://x.example/a'>http://x.example/a</a>.", "http://x.example/a."),
        ("<a href='mailto:a@b.example'>a@b.example</a>", "a@b.example"),
        ("<a href='javascript:x()'>ici</a> <a name=x>là</a>", "ici là"),
        ("<a href='https://x.example/?a=1&amp;b=2&copy=3'>ici</a>",
         "ici <https://x.example/?a=1&b=2&copy=3>"),
        ("<a href='https://x.example/'><img src=logo.png alt=Logo></a>après", "après"),
        ("<a href='https://x.example/y'><div>bouton</div></a>", "bouton <https://x.example/y>"),
    ],
)  # fmt: skip
def test_a_link_shows_where_it_leads_only_when_its_words_do_not(html, text):
    assert shown(html) == text


def test_only_emoji_pictures_have_words():
    html = "merci <img alt='😊' src=x> <img alt='Logo ACME' src=y><img width=1 height=1 src=z>"
    assert shown(html) == "merci 😊"


# Hidden


@pytest.mark.parametrize(
    "hidden",
    [
        "<div style='display:none'>x</div>",
        "<span style='DISPLAY: NONE !important'>x</span>",
        "<div style='visibility:hidden'>x</div>",
        "<span style='mso-hide:all'>x</span>",
        "<span style='font-size:0'>x</span>",
        "<span style='color:#ffffff;font-size:1px;line-height:1px'>x</span>",
        "<div style='max-height:0px;overflow:hidden'>x<p>y</p></div>",
        "<div style='width:0;overflow:hidden'>x</div>",
        "<div style='opacity:0'>x</div>",
        "<div hidden>x<div>y</div></div>",
        "<!-- x --><!--[if mso]><p>x</p><![endif]-->",
        "<style>p{color:red}</style><script>x('</p>')</script>",
        "<head><title>x</title><meta name=x></head>",
        "<img src='http://t.example/p.gif' width=1 height=1 alt=''>",
        "<select><option>x</select>",
    ],
)
def test_what_is_hidden_is_left_out(hidden):
    assert shown(f"<p>avant</p>{hidden}<p>après</p>") == "avant\n\naprès"


def test_what_only_word_hides_is_shown():
    assert shown("<!--[if !mso]><!--><p>a</p><!--<![endif]--><![if !mso]><p>b</p><![endif]>") == (
        "a\n\nb"
    )


def test_text_with_a_size_of_its_own_is_shown_inside_cells_of_size_zero():
    html = "<td style='font-size:0px'><div style='font-size:13px'>texte</div> vide</td>"
    assert shown(html) == "texte"


def test_a_comment_without_end_hides_nothing():
    assert "après" in shown("<p>avant</p><!-- oubli <p>après</p>")


# Marks of mail programs

CITE = "margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex"


def test_gmail_answers_around_and_between_its_quotations_are_new():
    html = (
        '<div dir="ltr">Oui.</div><br><div class="gmail_quote gmail_quote_container">'
        '<div dir="ltr" class="gmail_attr">Le lun. 9 nov. 2026 à 08:02, SAV &lt;'
        '<a href="mailto:rma@desk.example">rma@desk.example</a>&gt; a écrit :<br></div>'
        f'<blockquote class="gmail_quote" style="{CITE}">Quel modèle ?</blockquote>'
        f'<div>K-200</div><blockquote class="gmail_quote" style="{CITE}">Quelle date ?'
        "</blockquote></div><div>Hier.</div>"
    )
    assert unmarked(html) == ["Oui.", "K-200", "Hier."]
    assert lines_at(html, "attributions") == [
        "Le lun. 9 nov. 2026 à 08:02, SAV <rma@desk.example> a écrit :"
    ]
    assert "> Quel modèle ?" in shown(html)
    assert render(html).history == -1


def test_gmail_forward_ends_with_its_element():
    html = (
        '<div dir="ltr">Voir ci-dessous</div><br><div class="gmail_quote"><div dir="ltr" '
        'class="gmail_attr">---------- Forwarded message ---------<br>De : Ana &lt;a@b.example&gt;'
        "<br>Date: ven. 6 nov. 2026</div><br><br>Le moulin est cassé.</div>"
        '<span class="gmail_signature_prefix">-- </span><br><div class="gmail_signature">Luc</div>'
    )
    assert unmarked(html) == ["Voir ci-dessous"]
    assert older(html)[0] == "---------- Forwarded message ---------"
    assert older(html)[-1] == "Le moulin est cassé."
    assert lines_at(html, "signatures") == ["--", "Luc"]
    assert not render(html).attributions


OUTLOOK_HEADER = (
    "<p class=MsoNormal><b>De :</b> SAV &lt;rma@desk.example&gt;<br><b>Envoyé :</b> lundi 9 "
    "novembre 2026 08:02<br><b>À :</b> Ana<br><b>Objet :</b> Devis<o:p></o:p></p>"
)


@pytest.mark.parametrize(
    "border",
    [
        "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm",
        "border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0in 0in 0in",
        "border-right:none;border-bottom:none;border-left:none;border-top:1pt solid rgb(225,225,225)",
        "border-style:solid none none;border-width:1pt medium medium;border-color:rgb(181, 196, 223)",
    ],
)
def test_outlook_history_begins_at_the_line_above_its_header(border):
    html = (
        "<div class=WordSection1><p class=MsoNormal>Accord.<o:p></o:p></p><p class=MsoNormal>"
        f"<o:p>&nbsp;</o:p></p><div><div style='{border}'>{OUTLOOK_HEADER}</div></div>"
        "<p class=MsoNormal>Votre devis est prêt.<o:p></o:p></p></div>"
    )
    rendering = render(html)
    assert unmarked(html) == ["Accord."]
    assert rendering.text.split("\n")[rendering.history] == "De : SAV <rma@desk.example>"
    assert older(html)[-1] == "Votre devis est prêt."


def test_a_table_with_lines_is_no_outlook_history():
    html = (
        "<table style='border:1px solid #E1E1E1'><tr><td style='border-top:1px solid #e1e1e1'>a"
        "</td><td style='border:solid #E1E1E1 1.0pt'>b</td></tr></table>"
    )
    assert unmarked(html) == ["a\tb"]


def test_outlook_on_the_web_takes_the_rule_along():
    html = (
        '<div class="elementToProof">Accord.</div><div id="Signature"><p>Rosa Lind</p></div>'
        '<div id="appendonsend"></div><hr tabindex="-1" style="display:inline-block;width:98%">'
        '<div id="divRplyFwdMsg" dir="ltr"><b>From:</b> Desk<br><b>Sent:</b> Monday</div>'
        '<div class="x_gmail_quote">Your quote</div>'
    )
    rendering = render(html)
    assert unmarked(html) == ["Accord."]
    assert lines_at(html, "signatures") == ["Rosa Lind"]
    assert rendering.text.split("\n")[rendering.history] == "_" * 32


def test_the_anchor_of_outlook_alone_begins_nothing():
    html = '<div id="appendonsend"></div><div>Mon texte.</div><hr><div>Encore.</div>'
    assert "Encore." in unmarked(html)
    assert render(html).history == -1


def test_foreign_names_count_behind_the_prefix_outlook_gives_them():
    html = '<div>a</div><div id="x_x_divRplyFwdMsg">From: b</div><div>c</div>'
    assert unmarked(html) == ["a"]


def test_outlook_for_phones_holds_the_older_mail_in_an_element():
    html = (
        '<div dir="ltr">Merci</div><div id="ms-outlook-mobile-signature">Outlook pour iOS</div>'
        '<div id="mail-editor-reference-message-container"><hr><div '
        'class="ms-outlook-mobile-reference-message skipProofing"><b>De :</b> SAV</div>'
        "<div>Votre devis</div></div><div>Ajout</div>"
    )
    assert unmarked(html) == ["Merci", "Ajout"]
    assert older(html)[-2:] == ["De : SAV", "Votre devis"]
    assert lines_at(html, "signatures") == ["Outlook pour iOS"]


def test_apple_mail_quotes_with_its_introduction_inside():
    html = (
        '<div>Oui, demain.</div><div id="AppleMailSignature" dir="ltr">Envoyé de mon iPhone</div>'
        '<div dir="ltr"><br><blockquote type="cite">Le 9 nov. 2026 à 08:02, SAV a écrit :<br><br>'
        '</blockquote></div><blockquote type="cite"><div>Quand ?</div></blockquote><div>PS : 10 h'
        "</div>"
    )
    assert unmarked(html) == ["Oui, demain.", "PS : 10 h"]
    assert lines_at(html, "signatures") == ["Envoyé de mon iPhone"]
    assert "> Quand ?" in shown(html)


def test_thunderbird_marks_introduction_forward_and_signature():
    html = (
        '<p>Ja.</p><div class="moz-cite-prefix">Am 09.11.26 um 08:02 schrieb SAV:<br></div>'
        '<blockquote type="cite" cite="mid:1@desk.example"><p>Wann?</p></blockquote><p>Um 10.</p>'
        '<pre class="moz-signature" cols="72">-- \nAnke Wirth</pre>'
    )
    assert unmarked(html) == ["Ja.", "Um 10."]
    assert lines_at(html, "attributions") == ["Am 09.11.26 um 08:02 schrieb SAV:"]
    assert lines_at(html, "signatures") == ["--", "Anke Wirth"]


def test_thunderbird_forwards_in_an_element_with_a_table_of_headers():
    html = (
        '<p>FYI</p><div class="moz-forward-container"><br>-------- Message transféré --------'
        '<table class="moz-email-headers-table"><tr><th>Sujet : </th><td>Moulin</td></tr><tr><th>De '
        ": </th><td>Ana &lt;a@b.example&gt;</td></tr></table><p>Cassé.</p></div><p>Luc</p>"
    )
    assert unmarked(html) == ["FYI", "Luc"]
    assert "De :\tAna <a@b.example>" in older(html)


@pytest.mark.parametrize(
    "element",
    [
        '<div id="ydp1a2b3c4dyahoo_quoted_77" class="ydp1a2b3c4dyahoo_quoted">{}</div>',
        '<div class="yahoo_quoted" id="yahoo_quoted_77"><div>{}</div></div>',
        '<div name="quote" style="margin:10px 5px;border-left:2px solid #C3D9E5">{}</div>',
        '<div data-marker="__QUOTED_TEXT__">{}</div>',
        '<span id="OLK_SRC_BODY_SECTION">{}</span>',
    ],
)
def test_an_older_mail_in_an_element_ends_with_it(element):
    html = f"<div>neuf</div>{element.format('<div>ancien</div><div>texte</div>')}<div>dessous</div>"
    assert older(html) == ["ancien", "texte"]
    assert unmarked(html) == ["neuf", "dessous"]
    assert render(html).history == -1


def test_the_first_sentence_of_a_yahoo_quotation_introduces_it():
    html = (
        '<div>Ok</div><div class="yahoo_quoted"><div>En date de : lundi 9 novembre 2026, SAV a '
        "écrit :</div><div><br></div><div>Bonjour</div></div>"
    )
    assert lines_at(html, "attributions") == ["En date de : lundi 9 novembre 2026, SAV a écrit :"]
    assert older(html) == ["Bonjour"]
    assert render(html).history == 3


def test_zimbra_marks_its_header_and_the_quoted_text():
    html = (
        "<div>Accord</div><div data-marker='__SIG_POST__'>Nele</div><hr id='zwchr' "
        "data-marker='__DIVIDER__'><div data-marker='__HEADERS__'><b>De: </b>SAV<br></div>"
        "<div data-marker='__QUOTED_TEXT__'><p>Devis</p></div>"
    )
    assert lines_at(html, "signatures") == ["Nele"]
    assert {"De: SAV", "Devis"} <= set(older(html))


def test_old_zimbra_takes_all_below_its_rule():
    assert unmarked("<p>Ok</p><hr id='zwchr'><b>De: </b>SAV<br><p>Devis</p>") == ["Ok"]


@pytest.mark.parametrize(
    "attribution",
    [
        '<p id="reply-intro">Le 09/11/2026 08:02, SAV a écrit :</p>',
        '<p class="airmail_on">Le 09/11/2026 08:02, SAV a écrit :</p>',
        '<div class="protonmail_quote">Le 09/11/2026 08:02, SAV a écrit :<br>',
        '<div name="messageReplySection">Le 09/11/2026 08:02, SAV a écrit :<br>',
    ],
)
def test_other_programs_mark_the_introduction(attribution):
    html = f'<div>Ok</div>{attribution}<blockquote type="cite"><p>Quand ?</p></blockquote>'
    assert lines_at(html, "attributions") == ["Le 09/11/2026 08:02, SAV a écrit :"]
    assert unmarked(html) == ["Ok"]


@pytest.mark.parametrize(
    "element",
    [
        '<div class="gmail_signature" data-smartmail="gmail_signature">{}</div>',
        '<div class="ydp9f8e7d6csignature">{}</div>',
        '<div class="protonmail_signature_block protonmail_signature_block-user">{}</div>',
        '<div id="_rc_sig">{}</div>',
        '<div id="composer_signature">{}</div>',
        '<div class="io-ox-signature">{}</div>',
        '<div id="ymail_android_signature">{}</div>',
        '<div data-type="signature">{}</div>',
        '<div name="messageSignatureSection">{}</div>',
    ],
)
def test_the_element_of_a_signature_is_known(element):
    html = (
        f"<div>Bonjour, c'est d'accord.</div>{element.format('Jean<br>06 00')}<div>PS : merci</div>"
    )
    assert lines_at(html, "signatures") == ["Jean", "06 00"]
    assert unmarked(html) == ["Bonjour, c'est d'accord.", "PS : merci"]


def test_a_mail_typed_wholly_into_the_signature_is_no_signature():
    assert unmarked('<div id="Signature"><p>Ma réponse est oui.</p></div>') == [
        "Ma réponse est oui."
    ]


@pytest.mark.parametrize(
    "start",
    ["<blockquote>", '<blockquote type="cite">', '<blockquote class="tutanota_quote">',
     '<blockquote style="border-left:2px solid #1010FF;margin-left:5px">',
     '<blockquote style="BORDER-LEFT: #000000 2px solid; MARGIN: 0px 0px 0px 5px" cite="mid:x">'],
)  # fmt: skip
def test_quotations_have_quote_marks(start):
    assert shown(f"<p>a</p>{start}<p>b</p>{start}c</blockquote></blockquote>d") == (
        "a\n\n> b\n>\n> > c\nd"
    )


def test_indented_text_is_no_quotation():
    html = '<blockquote style="margin:0 0 0 40px;border:none;padding:0px">retrait</blockquote>'
    assert shown(html) == "retrait"


# Hostile pages

HOSTILE = {
    "nested blocks": lambda n: "<div>" * n + "x",
    "nested tables": lambda n: "<table><tr><td>" * n + "x<br>" * n,
    "nested quotes": lambda n: "<blockquote type=cite>" * n + "x",
    "nested lists": lambda n: "<ul><li>x" * n,
    "unclosed formats": lambda n: "".join(f"<b id={k}>" for k in range(n)) + "<p>x</p>" * n,
    "ends without starts": lambda n: "<i><div>" + "<b>" * n + "</i>" * n + "</div>" * n,
    "ends in other cells": lambda n: "<div><table><td>" + "<b>" * n + "</div></i>" * n,
    "attributes": lambda n: "<a " + "".join(f"a{k} " for k in range(n)) + ">x",
    "open tags": lambda n: "<a " * n,
    "open quotes": lambda n: "<a x=\">'" * n,
    "mixed quotes": lambda n: "<a x='>" * n + '<a x="' * n,
    "open comments": lambda n: "<!--" * n,
    "closed comments": lambda n: "<!-->" * n,
    "open styles": lambda n: "<title><xmp>" * n,
    "entities": lambda n: "&#" * n + "&#9" + "9" * n + ";&amp" * n,
    "brackets": lambda n: "<" * n,
    "cells": lambda n: "<table>" + "<tr><td>a<td>b" * n,
    "wide cells": lambda n: "<table><tr>" + "<td colspan=1000>a" * n,
    "leads": lambda n: "<div class=gmail_quote>x" * n + "</div>" * n,
    "bullets": lambda n: "<span style='mso-list:Ignore'>x" * n + "</span>" * n,
    "links": lambda n: "<a href=http://x.example/>y" * n,
    "styles": lambda n: "<p style='" + "color:red;" * n + "'>x",
    "kept lines": lambda n: "<pre>" + "a\n" * n,
    "spaces": lambda n: "a" + " \n" * n + "b",
}


def spent(html):
    start = time.process_time()
    render(html)
    return time.process_time() - start


@pytest.mark.parametrize("name", HOSTILE)
def test_twice_the_page_takes_twice_the_time(name):
    make, size = HOSTILE[name], 2_000
    while spent(make(size)) < 0.02 and size < 200_000:
        size *= 2
    # by turns, so that a busy moment hits both sizes, and of each the quickest
    pairs = [(spent(make(size)), spent(make(2 * size))) for _ in range(6)]
    assert min(pair[1] for pair in pairs) <= 2.5 * min(pair[0] for pair in pairs) + 0.02


def test_text_at_the_bottom_of_a_deep_nest_is_kept():
    assert shown("<div><table><tr><td>" * 5_000 + "fond") == "fond"


PIECES = st.sampled_from(
    ["<p>", "</p>", "<div class=gmail_quote>", "</div>", "<blockquote type=cite>", "</blockquote>",
     "<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<ul>", "</ul>", "<li>", "</li>", "<a ",
     "href='http://x/'>", "</a>", "<pre>", "</pre>", "<span style='display:none'>", "</span>", "<br>",
     "<hr>", "<!--", "-->", "&nbsp;", "&#0;", "\u200b", "mot", " ", "<td colspan=3>", "<style>",
     "<div id=divRplyFwdMsg>", "<div id=Signature>", "<ol start=7>", "<td style='font-size:0'>"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join)))
def test_any_page_is_rendered_and_its_numbers_are_of_its_lines(html):
    rendering = render(html)
    count = len(rendering.text.split("\n"))
    marked = rendering.attributions | rendering.signatures | rendering.older
    assert all(0 <= number < count for number in marked)
    assert -1 <= rendering.history < count
    assert rendering == render(html)
    assert not re.search(r"\n\n\n", rendering.text) or "<pre>" in html
