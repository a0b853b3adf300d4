"""Tell whether two papers speak of the same company, however each writes its name (F-34)."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.people.authority import FREEMAIL
from handlers.word_lists import read_words
from parsers.folding import key_of

_WORDS = read_words("companies")
LEGAL_FORMS = frozenset(form for forms in _WORDS["legal_forms"] for form in forms)
UNTOLD = LEGAL_FORMS | frozenset(_WORDS["before_names"]) | frozenset(_WORDS["between"])
TELLING = 4  # letters of a word that can tell a company by itself
SIREN = 9


def same_company(one: str, other: str) -> bool | None:
    """Tell whether two names are of one company: the same words without legal forms, accents and
    case, or several words that are all in the longer name. None, which a person has to look at, when
    a single word is all they share ("Martin", "Boulangerie Martin")."""
    ours, theirs = words_of(one), words_of(other)
    shorter, longer = sorted((ours, theirs), key=len)
    if not shorter:
        return False
    if "".join(ours) == "".join(theirs):
        return True
    if not set(shorter) <= set(longer) or all(len(word) < TELLING for word in shorter):
        return False
    return True if len(shorter) > 1 else None


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name that say who it is; all of them when none is left. "S.A.S." is
    one word."""
    words = key_of(_without_dots(name)).split()
    return tuple(word for word in words if word not in UNTOLD) or tuple(words)


def names_company(address: str, company: str) -> bool:
    """Tell whether the domain of an address bears a company's name ("accueil@dupont-sa.example");
    that of a mailbox provider bears nobody's."""
    domain = address.rpartition("@")[2].lower()
    words = words_of(company)
    if domain in FREEMAIL or not words:
        return False
    labels = [words_of(label) for label in domain.split(".")[:-1]]
    telling = {word for word in words if len(word) >= TELLING}
    return any(telling & {*label} or "".join(label) == "".join(words) for label in labels)


def same_registration(one: Mapping[str, str], other: Mapping[str, str]) -> bool | None:
    """Tell whether two buyers, as documents keep them, are the same by their numbers; None when the
    numbers of one side are not known. Establishments of one company share its SIREN."""
    pairs = ((_siren(one), _siren(other)), (_vat(one), _vat(other)))
    said = [ours == theirs for ours, theirs in pairs if ours and theirs]
    return any(said) if said else None


def _siren(buyer: Mapping[str, str]) -> str:
    """Return the SIREN: the head of a SIRET, or the tail of a French VAT number."""
    siret, vat = buyer.get("buyer_siret", ""), buyer.get("buyer_vat", "")
    if siret:
        return siret[:SIREN]
    return vat[-SIREN:] if vat.startswith("FR") else ""


def _vat(buyer: Mapping[str, str]) -> str:
    return buyer.get("buyer_vat", "")


def _without_dots(name: str) -> str:
    """Return the name with abbreviations written together: "S.A.R.L." is "SARL", "St. Jean" stays."""
    return " ".join(
        word.replace(".", "")
        if len(word) > 2 and all(len(p) < 2 for p in word.split("."))
        else word
        for word in name.split()
    )
