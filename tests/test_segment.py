"""Segments: nothing is lost, and only what the writer wrote now is new (X-9, X-10)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.mail import SegmentKind
from parsers.text.hints import Hints
from parsers.text.segment import segment

REPLY = Hints(subject="Re: quote", threaded=True)
LINE = st.sampled_from(
    [
        "", " ", "> quoted", ">> deeper", "-- ", "Cordialement", "Best regards,", "De : A <a@b.example>",
        "Envoyé : lundi 9 novembre 2026 08:02", "Objet : x", "Le 9 nov. 2026 à 08:02, A <a@b.example> a écrit :",
        "--- Reply above this line ---", "---------- Forwarded message ---------", "Sent from my iPhone",
        "________________________________", "This e-mail is confidential", "new words",
    ]
)  # fmt: skip


def new(text, hints=REPLY):
    segments, _ = segment(text, hints)
    assert "".join(part.text for part in segments) == text
    return "".join(part.text for part in segments if part.kind is SegmentKind.NEW).strip()


def kinds(text, hints=REPLY):
    return [part.kind.value for part in segment(text, hints)[0]]


@settings(deadline=None)
@given(st.lists(st.one_of(LINE, st.text(max_size=30)), max_size=25).map("\n".join))
def test_segments_joined_are_the_text(text):
    for hints in (REPLY, Hints(), Hints(subject="TR: x", history=3, attributions=frozenset({1}))):
        segments, _ = segment(text, hints)
        assert "".join(part.text for part in segments) == text


@pytest.mark.parametrize(
    "attribution",
    [
        "Le lun. 9 nov. 2026 à 08:02, Desk <d@desk.example> a écrit :",
        "Le 09/11/2026 à 08:02, Desk a écrit :",
        "On Mon, Nov 9, 2026 at 8:02 AM Desk <d@desk.example> wrote:",
        "On Mon, Nov 9, 2026 at 8:02 AM Desk With A Very Long Name <\nd@desk.example> wrote:",
        "Op ma 9 nov 2026 om 08:02 schreef Desk <d@desk.example>:",
        "Am 09.11.2026 um 08:02 schrieb Desk <d@desk.example>:",
        "2026-11-09 8:02 GMT+01:00 Desk <d@desk.example>:",
    ],
)
def test_attributions_of_four_languages_introduce_history(attribution):
    for mark in ("> ", ""):
        assert new(f"yes\n\n{attribution}\n\n{mark}old words\n{mark}more") == "yes"


@pytest.mark.parametrize(
    "block",
    [
        "De : Desk <d@desk.example>\nEnvoyé : lundi 9 novembre 2026 08:02\nÀ : Ana\nObjet : Devis",
        "From: Desk\nSent: Monday, November 9, 2026 8:02 AM\nTo: Ana\nSubject: Quote",
        "Van: Desk\nVerzonden: maandag 9 november 2026 08:02\nAan: Ana\nOnderwerp: Offerte",
        "Von: Desk\nGesendet: Montag, 9. November 2026 08:02\nAn: Ana\nBetreff: Angebot",
        "*From:* Desk\n*Sent:* 9 November 2026 08:02\n*To:* Ana\n*Subject:* Quote",
        "-----Original Message-----\nFrom: d@desk.example\nSubject: Quote",
    ],
)
def test_header_blocks_of_four_languages_take_the_rest(block):
    assert new(f"yes\n\n{block}\n\nold words\n\nold signature") == "yes"


@pytest.mark.parametrize(
    "text",
    [
        "De : Lyon\nÀ : Paris\nle colis est parti",
        "From: 2026-01-03\nplease note the new address",
        "Votre technicien m'a écrit :\nc'est hors garantie",
        "A > B and B > C",
        "prix : 12,50\ndate : demain",
        "Merci\nà demain",
    ],
)
def test_a_customers_own_words_are_never_cut(text):
    assert new(text) == text


def test_answers_between_and_below_quoted_lines_are_new():
    text = "On 9 Nov 2026 at 08:02, Desk wrote:\n> which model?\nK-200\n\n> since when?\nMonday\n> --\n> Desk"
    assert new(text) == "K-200\n\nMonday"


def test_words_below_our_quoted_mail_count():
    text = "> --- Reply above this line ---\n> old\n\nbottom answer"
    assert new(text) == "bottom answer"
    assert kinds(text)[0] == "quote_of_ours"


def test_all_below_our_unquoted_line_is_ours():
    text = "yes\n--- Répondez au-dessus de cette ligne ---\nRépondez « Bon pour accord »"
    assert new(text) == "yes"
    assert kinds(text) == ["new", "quote_of_ours"]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("oui\n\nCordialement,\nAna Duarte\n04 72", ["new", "signature"]),
        ("oui\n\n-- \nAna", ["new", "signature"]),
        ("ja\nMet vriendelijke groet\nJoost", ["new", "signature"]),
        ("ja\nMit freundlichen Grüßen\nPetra", ["new", "signature"]),
        ("yes\nEnvoyé de mon iPhone", ["new", "footer"]),
        ("yes\nGet Outlook for iOS", ["new", "footer"]),
        ("ja\nVerzonden vanaf mijn telefoon", ["new", "footer"]),
        ("ja\nGesendet von Outlook für iOS", ["new", "footer"]),
        (
            "yes\n\nThis e-mail is confidential and meant for you.\nDelete it.",
            ["new", "disclaimer"],
        ),
    ],
)
def test_signatures_footers_and_legal_texts_are_told_apart(text, expected):
    assert kinds(text) == expected


def test_a_question_after_a_closing_formula_stays_new():
    text = "oui\n\nCordialement\nAna\n\nPS : pouvez-vous aussi envoyer une facture pour la pièce ?"
    assert "facture" in new(text)


def test_html_structure_marks_history_where_words_do_not():
    assert (
        new("yes\nThe desk said on Monday\nold", Hints(threaded=True, subject="Re: x", history=1))
        == "yes"
    )


FRESH = Hints(subject="Lecteur en panne", writer="Hélène Dumas")


def test_the_wrapped_rest_of_a_quoted_line_is_no_answer():
    above = "> merci de nous indiquer l'adresse à laquelle nous pouvons renvoyer le"
    assert new(f"Oui.\n\n{above}\nlecteur\n> et vos horaires") == "Oui."


@pytest.mark.parametrize("end", ["?", ".", ":"])
def test_an_answer_right_below_a_finished_question_is_new(end):
    above = f"> merci de nous indiquer l'adresse à laquelle nous pouvons le renvoyer {end}"
    assert new(f"{above}\nchez nous\n> et vos horaires") == "chez nous"


def test_lines_with_an_arrow_in_a_new_mail_are_the_writers():
    text = "Mesures :\nentre + et - :\n> 30 V à vide\n> 12 V en charge"
    assert new(text, FRESH) == text
    assert new(text, REPLY) == "Mesures :\nentre + et - :"


def test_the_end_of_a_long_quotation_in_a_new_mail_is_no_arrow():
    old = "\n".join(f"> ligne {number}" for number in range(12))
    for below in ("", "\n\nMerci de vérifier."):
        assert "ligne" not in new(f"Voici ce que j'avais reçu :\n{old}{below}", FRESH)


@pytest.mark.parametrize(
    "own",
    [
        "Colis :\n\nDe : Paris\nDate : 3 mars\nObjet : lecteur\nÉtat : abîmé",
        "Van: Gent\nAan: Antwerpen\nDatum: 3 november\nBetreft: cilinder",
        "Le 3 mars 2026 votre technicien a écrit que :\n- tout est sous garantie",
        "Le 3 mars 2026, votre technicien a écrit :\n- tout est sous garantie",
    ],
)
def test_what_only_looks_like_history_is_new(own):
    assert new(own, FRESH) == own


@pytest.mark.parametrize(
    "text",
    [
        "Merci. Le lun. 9 nov. 2026 à 08:02, Desk <d@desk.example> a écrit :\n> vieux",
        "Merci. -----Message d'origine----- De : Desk <d@desk.example>\nObjet : x\n\nvieux",
        "Merci.\n\nAm 09.11.26 um 08:02 schrieb Desk\n> alt",
        "Merci.\n\n2026/11/9 Desk <d@desk.example>\n\n> old",
        'Merci.\n\n====\n\nMessage du : 09/11/26 08:02\nDe : "Desk" <d@desk.example>\nA : x@y.example\n\nvieux',
        "Merci.\n\nFrom: d@desk.example\nDate: Mon, 9 Nov 2026 08:02:00 +0100\n\nold",
        "Merci.\n\nEnvoyé de mon iPhone\n\nBonjour,\nvotre devis est prêt.",
    ],
)  # fmt: skip
def test_history_is_found_where_programs_hide_it(text):
    assert new(text) == "Merci."


def test_text_below_a_mobile_footer_stays_new():
    assert "numéro 12" in new("Voici.\n\nEnvoyé de mon iPhone\n\nAh, et le numéro 12")


@pytest.mark.parametrize(
    "card",
    [
        "Hélène Dumas\nServices techniques",
        "Hélène Dumas",
        "Dumas Hélène\nTél : 04 72 11 22 33\nwww.vasseur.example",
        "Cordialement,\nH.D.",
        "---\nSyndic Les Tilleuls\nStandard 01 40 00 00 00",
        "/Hélène",
    ],
)
def test_a_signature_needs_no_dashes(card):
    assert new(f"Le lecteur est en panne.\n\n{card}", FRESH) == "Le lecteur est en panne."


@pytest.mark.parametrize(
    "answer",
    [
        "Voici l'adresse de livraison\n\nHélène Dumas\n12 rue des Lilas\n59000 Lille",
        "À renvoyer à :\n\nHélène Dumas\n12 rue des Lilas\n59000 Lille",
        "Le formulaire\n\nHélène Dumas\nRéférence : LECT-400\nNuméro de série : 12",
    ],
)
def test_a_name_that_heads_an_answer_is_no_signature(answer):
    assert new(answer, FRESH) == answer


def test_a_postscript_below_the_signature_is_new():
    text = "En panne.\n\nCordialement,\nH. Dumas\nTél. 04 72 11 22 33\n\nPS : il y en a deux."
    assert new(text, FRESH) == "En panne.\n\nPS : il y en a deux."


def test_blank_lines_go_with_what_stands_above():
    found, _ = segment("oui\n\n> vieux\n\nnon\n", REPLY)
    assert [part.text for part in found] == ["oui\n\n", "> vieux\n\n", "non\n"]


def test_the_armour_of_signed_text_is_no_text():
    text = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nLe lecteur est en panne.\n"
        "-----BEGIN PGP SIGNATURE-----\n\niQEzBAEBCgAdFiEE\n-----END PGP SIGNATURE-----\n"
    )
    assert new(text, FRESH) == "Le lecteur est en panne."


def test_thanks_above_the_name_stay_new():
    assert new("Où est le colis ?\n\nMerci\nHélène Dumas\n06 11 22 33 44", FRESH).endswith("Merci")


def test_what_is_told_below_a_signature_is_new():
    for told in ("LECT-400 FX-80233", "Rectificatif : c'est le FX-80233", "Ah, il y en a deux !"):
        assert told in new(f"En panne.\n\nCordialement,\nH. Dumas\n\n{told}", FRESH)


@pytest.mark.parametrize(
    "own",
    [
        "Bonjour,\nEnvoyé depuis la poste de Lyon ce matin\nsuivi 6A12",
        "This message contains the serial numbers you asked for:\nRS-1001",
        "Bonne réception du colis ce matin\nmais il manque la vis",
        "Dans l'attente de votre réponse, pouvez-vous envoyer un prêt ?",
        "Panne 1.\n--\nPanne 2 : que faire ?\n--\nMerci de me rappeler avant midi.",
        "Mme Colin (colin@weber.example) vous a écrit le 3 mars 2026 :\nsans réponse à ce jour.",
    ],
)
def test_sentences_that_begin_as_a_program_does_are_the_writers(own):
    assert new(own, FRESH) == own
