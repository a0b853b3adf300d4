"""The connectors speak the documented calls, and know what a call that went wrong means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.organisations.ecologic import Ecologic
from daemon.organisations.ecosystem import Ecosystem
from daemon.organisations.envoy import Enclosure, InDoubt, NotArrived, Refused
from daemon.organisations.http import Reply, Site
from handlers.errands.errand import Answer, Errand, Payment, Problem

from .organisations import EcologicHandler, EcosystemHandler, organisation

CLAIM = {
    "PurchaseOrderByCustomer": "QR-2026-000001",
    "RepairerId": "R1",
    "Product": {"ProductIdentificationNumber": "SN1"},
}
PLATE = Enclosure(name="plaque.jpg", content_type="image/jpeg", data=b"\xff\xd8 plate")


def asks(operation, **body):
    key = f"m1.1000.{operation}.0"
    return Errand(key=key, desk="bonus", organisation="ecosystem", operation=operation, body=body)


@pytest.fixture
def ecosystem():
    with organisation(EcosystemHandler) as (url, played):
        site = Site(url=url, seconds=0.3)
        yield Ecosystem(site, 3 << 20, user="atelier", password="geheim"), played


@pytest.fixture
def ecologic():
    with organisation(EcologicHandler) as (url, played):
        site = Site(url=f"{url}/api/v1/ecosupport", seconds=0.3, headers={"api_key": "secret"})
        yield Ecologic(site, 3 << 20), played


def test_a_claim_is_created_gets_its_file_and_is_confirmed(ecosystem):
    """The way of a claim at ecosystem (Q-26, Q-29, Q-32)."""
    carrier, played = ecosystem
    assert carrier.carry(asks("submit", **CLAIM), None) == Answer(
        result="ok", values={"id": "C1", "status": "En cours de création"}
    )
    upload = asks("upload", ClaimId="C1", FileType="serial_tag")
    assert carrier.carry(upload, PLATE) == Answer(result="ok")
    assert played.files == [("/store/serial_tag", PLATE.data)]
    confirmed = carrier.carry(asks("confirm", ClaimId="C1"), None)
    assert confirmed.values["status"] == "Envoyé, en cours vérification"
    assert played.logins == 1


def test_our_credentials_go_to_the_interface_and_not_to_the_store_of_files(ecosystem):
    carrier, played = ecosystem
    carrier.carry(asks("submit", **CLAIM), None)
    carrier.carry(asks("upload", ClaimId="C1", FileType="invoice"), PLATE)
    sent = {path: headers for _, path, _, headers, _ in played.calls}
    assert sent["/reimbursement-claims/new_claim"]["Authorization"] == "Bearer token1"
    assert "Authorization" not in sent["/store/invoice"]


def test_a_session_that_has_ended_is_opened_anew(ecosystem):
    carrier, played = ecosystem
    carrier.carry(asks("submit", **CLAIM), None)
    played.expired = True
    assert carrier.carry(asks("status", ClaimId="C1"), None).result == "ok"
    assert played.logins == 2


def test_what_is_wrong_with_a_claim_is_a_problem_and_no_accident(ecosystem):
    """ecosystem names the element that is wrong (Q-26)."""
    carrier, _ = ecosystem
    assert carrier.carry(asks("submit", **{**CLAIM, "RepairerId": ""}), None) == Answer(
        result="invalid",
        problems=(Problem(field="REPAIRERID", message="REPAIRERID non valide"),),
    )


@pytest.mark.parametrize(
    "trouble,outcome",
    [
        ("cut", InDoubt),
        ("cut after", InDoubt),
        ("half", InDoubt),
        ("rubbish", InDoubt),
        ("slow", InDoubt),
        (500, InDoubt),
        (502, InDoubt),
        (503, NotArrived),
        (429, NotArrived),
        (403, Refused),
        (302, Refused),
    ],
)
def test_a_claim_whose_answer_is_lost_is_in_doubt(ecosystem, trouble, outcome):
    carrier, played = ecosystem
    played.script = [trouble]
    assert isinstance(carrier.carry(asks("submit", **CLAIM), None), outcome)


@pytest.mark.parametrize("trouble", ["cut", "half", "slow", 500, 503])
def test_a_question_whose_answer_is_lost_is_asked_again(ecosystem, trouble):
    carrier, played = ecosystem
    carrier.carry(asks("submit", **CLAIM), None)
    played.script = [trouble]
    assert isinstance(carrier.carry(asks("status", ClaimId="C1"), None), NotArrived)


def test_a_claim_in_doubt_is_found_under_our_number_and_not_created_twice(ecosystem):
    carrier, played = ecosystem
    played.script = ["cut after"]
    errand = asks("submit", **CLAIM)
    assert isinstance(carrier.carry(errand, None), InDoubt)
    assert carrier.find(errand).values["id"] == "C1"
    assert len(played.claims) == 1


def test_a_claim_that_is_not_there_may_be_sent_again(ecosystem):
    carrier, played = ecosystem
    played.script = ["cut"]
    errand = asks("submit", **CLAIM)
    carrier.carry(errand, None)
    assert isinstance(carrier.find(errand), NotArrived)


def test_as_long_as_nobody_answers_the_doubt_stays(ecosystem):
    carrier, played = ecosystem
    played.script = [500]
    assert isinstance(carrier.find(asks("submit", **CLAIM)), InDoubt)


def test_a_confirmation_in_doubt_is_seen_in_the_status(ecosystem):
    carrier, played = ecosystem
    carrier.carry(asks("submit", **CLAIM), None)
    errand = asks("confirm", ClaimId="C1")
    assert isinstance(carrier.find(errand), NotArrived)
    played.script = ["cut after"]
    assert isinstance(carrier.carry(errand, None), InDoubt)
    assert carrier.find(errand).result == "ok"


def test_whether_a_file_arrived_cannot_be_asked(ecosystem):
    carrier, _ = ecosystem
    assert carrier.find(asks("upload", ClaimId="C1")) is None


def test_payments_come_with_claim_reference_and_amount(ecosystem):
    """The reference that the bank statement will show (Q-46)."""
    carrier, played = ecosystem
    carrier.carry(asks("submit", **CLAIM), None)
    played.claims["C1"] |= {
        "RequestStatus": "Remboursement effectué",
        "PaymentReference": "VIR-7",
        "ReimbursedAmount": 50,
        "PaymentDate": "2026-11-20T00:00:00",
    }
    paid = Payment(claim="C1", reference="VIR-7", amount="50.00", paid_on="2026-11-20")
    assert carrier.carry(asks("payments"), None) == Answer(result="ok", payments=(paid,))


def test_a_server_that_is_not_there_was_not_reached():
    site = Site(url="http://127.0.0.1:9", seconds=0.3)
    carrier = Ecosystem(site, 3 << 20, user="atelier", password="geheim")
    assert isinstance(carrier.carry(asks("submit", **CLAIM), None), NotArrived)


def test_nothing_is_told_to_a_stranger_in_clear_text():
    site = Site(url="http://api.organisation.example", seconds=0.3)
    outcome = Ecosystem(site, 3 << 20, user="a", password="geheim").carry(asks("status"), None)
    assert outcome == NotArrived(why="api.organisation.example: only https is spoken")


def test_a_file_that_is_too_large_is_not_sent(ecosystem):
    """Three megabytes at most (Q-57)."""
    carrier, played = ecosystem
    carrier.file_size = 4
    outcome = carrier.carry(asks("upload", ClaimId="C1"), PLATE)
    assert outcome == Refused(why="plaque.jpg is larger than 4 octets")
    assert played.calls == []


def test_an_unknown_operation_is_refused(ecosystem):
    carrier, _ = ecosystem
    assert isinstance(carrier.carry(asks("dance"), None), Refused)


def test_ecologic_tells_what_it_pays_for_a_device(ecologic):
    """The slow look-up (Q-8)."""
    carrier, played = ecologic
    told = carrier.carry(asks("check", productId="TV", brandId="B1", iRISSymptom="111"), None)
    assert told == Answer(result="ok", values={"amount": "60.00", "eligible": "yes"})
    assert played.calls[0][2] == {"productId": "TV", "brandId": "B1", "iRISSymptom": "111"}
    told = carrier.carry(asks("check", productId="TOASTER"), None)
    assert told.values["eligible"] == "no"


def test_a_request_for_support_lists_everything_that_is_missing(ecologic):
    """All problems at once (Q-17)."""
    carrier, _ = ecologic
    told = carrier.carry(asks("support", Product={"SerialNumber": "SN1"}), None)
    assert told.result == "invalid"
    assert [p.field for p in told.problems] == ["IRISSymptom", "IRISRepair"]
    whole = {"IRISSymptom": "111", "IRISRepair": "R1"}
    told = carrier.carry(asks("support", Product=whole), None)
    assert (told.result, told.values["id"]) == ("ok", "77")


def test_a_claim_that_only_lacks_its_documents_is_created(ecologic):
    """A new claim is always invalid (Q-41)."""
    carrier, played = ecologic
    errand = asks("submit", RepairSiteId="S1", quoteNumber="D-1", Product={"SerialNumber": "SN1"})
    told = carrier.carry(errand, None)
    assert told == Answer(result="ok", values={"id": "900"})
    assert played.claims["900"]["query"] == {"RepairSiteId": "S1", "quoteNumber": "D-1"}


def test_documents_travel_as_base64_with_their_type(ecologic):
    carrier, played = ecologic
    asked = asks(
        "upload", ClaimId="900", filename="plaque", fileextension="jpg", documentType="NAMEPLATE"
    )
    assert carrier.carry(asked, PLATE).result == "ok"
    assert played.files == [("NAMEPLATE", "/9ggcGxhdGU=")]


def test_a_submission_in_doubt_is_seen_in_the_status(ecologic):
    carrier, played = ecologic
    carrier.carry(asks("submit", RepairSiteId="S1"), None)
    errand = asks("confirm", ClaimId="900")
    assert isinstance(carrier.find(errand), NotArrived)
    played.script = ["cut after"]
    assert isinstance(carrier.carry(errand, None), InDoubt)
    assert carrier.find(errand).values["status"] == "VALID"


def test_a_wrong_key_is_said_and_never_shown(ecologic):
    carrier, _ = ecologic
    stranger = Ecologic(Site(url=carrier.site.url, headers={"api_key": "wrong"}), 3 << 20)
    assert stranger.carry(asks("status", ClaimId="900"), None) == Refused(why="HTTP 403")
    assert "wrong" not in repr(stranger.site)


class Says:
    """A site that answers every call with the same thing."""

    def __init__(self, status, data):
        self.reply = Reply(status=status, data=data)

    def call(self, *_args, **_options):
        return self.reply

    def put(self, *_args):
        return self.reply


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["error", "code", "ResponseData", "ValidationErrors", "ClaimId", "url", "IsValid"]
            )
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
OPERATIONS = ("check", "support", "submit", "update", "upload", "confirm", "status", "payments")


@given(st.sampled_from([200, 201, 204, 400, 401, 404, 422, 500]), ANYTHING)
def test_whatever_a_server_answers_is_an_outcome(status, data):
    site = Says(status, data)
    for carrier in (Ecosystem(site, 99, user="a", password="b"), Ecologic(site, 99)):
        for operation in OPERATIONS:
            errand = asks(operation, ClaimId="1", PurchaseOrderByCustomer="QR-1")
            outcome = carrier.carry(errand, PLATE)
            assert isinstance(outcome, Answer | InDoubt | NotArrived | Refused)
            found = carrier.find(errand)
            assert found is None or isinstance(found, Answer | InDoubt | NotArrived)
