"""The same company under different names (F-34)."""

from __future__ import annotations

import pytest

from handlers.papers.company_names import names_company, same_company, same_registration
from handlers.papers.position_check import pair_positions
from parsers.business import Position


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dupont", "DUPONT S.A."),
        ("Serrurerie Vasseur", "SARL SERRURERIE VASSEUR"),
        ("Établissements Lefèvre & Fils", "Ets Lefevre et Fils SAS"),
        ("Baker Ltd", "Baker Limited"),
        ("Müller GmbH & Co. KG", "MULLER"),
        ("Van den Berg BV", "van den berg b.v."),
        ("Dupont Sécurité", "Dupont Sécurité Lyon"),
        ("AXA", "axa s.a."),
        ("Le Roc", "LE ROC SARL"),
    ],
)
def test_one_company_however_it_is_written(one, other):
    assert same_company(one, other) is True
    assert same_company(other, one) is True


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dupont", "Durand"),
        ("Dupont SA", "Martin SA"),
        ("Boulangerie Petit", "Boulangerie Grand"),
        ("", "Dupont"),
        ("", ""),
        ("ABC", "ABC Nettoyage"),
    ],
)
def test_two_companies_stay_two(one, other):
    assert same_company(one, other) is False


def test_one_word_in_common_is_for_a_person_to_judge():
    assert same_company("Martin", "Boulangerie Martin") is None
    assert same_company("Dupont Sécurité SARL", "Dupont") is None


def test_a_company_may_be_known_by_its_domain():
    assert names_company("achats@serrurerie-vasseur.example", "Serrurerie Vasseur SARL")
    assert names_company("x@dupont-securite.example", "DUPONT SA")
    assert names_company("tom@returns.baker.co.example", "Baker Ltd")
    assert not names_company("dupont@gmail.com", "Gmail Dupont")
    assert not names_company("x@dupont.example", "Durand")
    assert not names_company("nobody", "Dupont")


def test_a_siret_and_a_vat_number_of_one_company_agree():
    siret, vat = {"buyer_siret": "73282932000074"}, {"buyer_vat": "FR44732829320"}
    assert same_registration(siret, vat) is True
    assert same_registration(siret, {"buyer_siret": "73282932000082"}) is True
    assert same_registration(siret, {"buyer_siret": "55208131766522"}) is False
    assert same_registration({"buyer_vat": "DE136695976"}, {"buyer_vat": "DE136695976"}) is True
    assert same_registration(siret, {"buyer_vat": "DE136695976"}) is None
    assert same_registration({}, siret) is None


def test_a_customers_own_reference_hides_ours_in_the_description():
    ours = Position(reference="LECT-400", description="Lecteur")
    theirs = Position(reference="ART 0071", description="Réparation LECT-400 selon devis")
    assert pair_positions((ours,), (theirs,))[0].ordered is theirs


def test_two_lines_of_one_reference_find_each_their_own():
    one, two = (Position(reference="A-1", net_cents=net) for net in (100, 200))
    pairs = pair_positions((one, two), (two, one))
    assert [pair.agrees for pair in pairs] == [True, True]
