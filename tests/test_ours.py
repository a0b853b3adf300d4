"""What we sent is recognised when it comes back, and what was typed into it is new."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.mail import IntentKind, SegmentKind
from parsers.ours import recognise
from parsers.read import read

SENT = """Bonjour Claire Vasseur,

Nous avons bien reçu votre demande, mais il nous manque encore des informations pour la traiter.
Aucun numéro RMA n'est encore attribué. Répondez à ce message en indiquant ce qui manque.

Numéro de série :
Référence : LECT-400
Panne constatée :

Pour accepter le devis, répondez :
Bon pour accord

Votre service après-vente
"""


def answer(text):
    raw = f"From: c@dupont.example\r\nSubject: Re: x\r\nIn-Reply-To: <a@b>\r\n\r\n{text}"
    mail = recognise(read(raw.encode()), SENT)
    assert "".join(segment.text for segment in mail.segments) == mail.text
    return mail


def quoted(text):
    return "\n".join(f"> {line}" for line in text.split("\n"))


def test_our_words_without_any_mark_are_no_answer():
    assert answer(f"Voici la photo.\n\n{SENT}").new_text == "Voici la photo."


def test_our_words_wrapped_anew_are_still_ours():
    wrapped = SENT.replace(" encore ", " encore\n").replace(" message ", "\nmessage ")
    assert answer(f"Voici la photo.\n\n{wrapped}").new_text == "Voici la photo."


def test_an_answer_between_our_unmarked_lines_is_new():
    typed = SENT.replace("Panne constatée :", "Panne constatée :\nElle ne s'allume plus du tout")
    assert "ne s'allume plus du tout" in answer(typed).new_text


def test_one_sentence_of_ours_repeated_is_an_answer():
    mail = answer("Bon pour accord\n\n" + quoted(SENT))
    assert mail.new_text == "Bon pour accord"
    assert mail.intent.kind is IntentKind.ACCEPTANCE


def test_a_sentence_of_ours_once_more_below_the_copy_is_an_answer():
    mail = answer(f"{SENT}\n\nBon pour accord")
    assert mail.new_text == "Bon pour accord"
    assert mail.intent.kind is IntentKind.ACCEPTANCE


@pytest.mark.parametrize("mark", ["> ", ">", ""])
def test_what_is_typed_behind_a_label_of_our_form_is_new(mark):
    filled = SENT.replace("Numéro de série :", "Numéro de série : FX-80233")
    text = "\n".join(mark + line for line in filled.split("\n"))
    new = answer(f"Voir dans le formulaire.\n\n{text}").new_text
    assert "Numéro de série : FX-80233" in new
    assert "LECT-400" not in new


def test_what_is_typed_below_a_label_of_our_form_is_new():
    filled = SENT.replace("Numéro de série :", "Numéro de série :\nFX-80233")
    assert "FX-80233" in answer(quoted(filled)).new_text


def test_a_value_we_knew_and_the_writer_corrected_is_new():
    assert answer(quoted(SENT.replace("LECT-400", "LECT-500"))).new_text == "Référence : LECT-500"


@pytest.mark.parametrize("mark", ["> ", ""])
def test_an_answer_typed_among_our_lines_is_new(mark):
    typed = SENT.replace("ce qui manque.\n", "ce qui manque.\nC'est le modèle à clavier\n")
    block = "De : SAV <d@desk.example>\nEnvoyé : lundi 9 novembre 2026 08:02\nObjet : x\n\n"
    copy = "\n".join(mark + line for line in (block + typed).split("\n"))
    assert answer(f"Voir en rouge.\n\n{copy}").new_text.endswith("C'est le modèle à clavier")


def test_the_wrapped_rest_of_our_line_is_no_answer():
    wrapped = SENT.replace("pour la traiter.", "pour la\ntraiter.").replace(" encore ", "\nencore ")
    assert answer("Voir.\n\n" + quoted(wrapped)).new_text == "Voir."


def test_a_quotation_of_ours_is_told_from_one_of_others():
    mail = answer("Merci.\n\n> D'un collègue : regardez la platine\n\n" + quoted(SENT))
    assert [s.kind for s in mail.segments] == [
        SegmentKind.NEW,
        SegmentKind.QUOTE,
        SegmentKind.QUOTE_OF_OURS,
    ]


def test_nothing_changes_when_nothing_of_ours_is_there():
    mail = read(b"Subject: x\r\n\r\nBonjour,\n> vieux\noui")
    assert recognise(mail, SENT) is mail
    assert recognise(mail, "") is mail


LINE = st.sampled_from(
    [*SENT.split("\n"), *quoted(SENT).split("\n"), "oui", "> non", "FX-80233", ""]
)


@settings(deadline=None)
@given(st.lists(LINE, max_size=30).map("\n".join), st.text(max_size=200))
def test_recognising_loses_no_character(text, other):
    mail = read(f"Subject: Re: x\r\nIn-Reply-To: <a@b>\r\n\r\n{text}".encode())
    for sent in (SENT, other, text):
        known = recognise(mail, sent)
        assert "".join(segment.text for segment in known.segments) == mail.text


def test_recognising_is_linear():
    def took(size):
        mail = read(b"Subject: Re: x\r\n\r\n" + b"> a b c d e f g\na b c\n" * size)
        start = process_time()
        recognise(mail, "a b c d e f g\n" * size)
        return process_time() - start

    pairs = [(took(2_000), took(4_000)) for _ in range(6)]
    assert min(pair[1] for pair in pairs) < 2.5 * min(pair[0] for pair in pairs) + 0.02
