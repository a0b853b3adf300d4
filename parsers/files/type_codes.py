"""What the type codes of UN/EDIFACT 1001 and the roots of e-documents mean to the business."""

from __future__ import annotations

from parsers.business import Confidence, DocumentKind

_CODES = {
    DocumentKind.ORDER: "105 220 221 222 223 224 225 226 227 228 229 232 233 258",
    DocumentKind.QUOTE: "310",
    DocumentKind.INVOICE: (
        "71 80 82 84 102 130 202 203 204 211 218 219 295 325 326 331 380 382 383 384 385 386 387 388"
        " 389 390 393 394 395 456 457 527 553 575 623 633 751 780 817 870 875 876 877 935"
    ),
    DocumentKind.CREDIT_NOTE: "81 83 261 262 296 308 381 396 420 458 503 532",
    DocumentKind.DELIVERY_NOTE: "270 351",
    DocumentKind.OTHER: "230 231 311 312 315 320 345 432",
}
_KINDS = {code: kind for kind, codes in _CODES.items() for code in codes.split()}
# A change or a cancellation of an order: no order, and nothing to pass over either.
_TOLD_BY_A_PERSON = frozenset({"230", "OrderChange", "OrderCancellation"})
_ROOTS = {
    "CrossIndustryInvoice": DocumentKind.INVOICE,
    "CrossIndustryDocument": DocumentKind.INVOICE,
    "SCRDMCCBDACIOMessageStructure": DocumentKind.ORDER,
    "Invoice": DocumentKind.INVOICE,
    "SelfBilledInvoice": DocumentKind.INVOICE,
    "FreightInvoice": DocumentKind.INVOICE,
    "DebitNote": DocumentKind.INVOICE,
    "CreditNote": DocumentKind.CREDIT_NOTE,
    "SelfBilledCreditNote": DocumentKind.CREDIT_NOTE,
    "Order": DocumentKind.ORDER,
    "Quotation": DocumentKind.QUOTE,
    "DespatchAdvice": DocumentKind.DELIVERY_NOTE,
    "OrderResponse": DocumentKind.OTHER,
    "OrderResponseSimple": DocumentKind.OTHER,
    "OrderChange": DocumentKind.OTHER,
    "OrderCancellation": DocumentKind.OTHER,
    "RequestForQuotation": DocumentKind.OTHER,
    "ReceiptAdvice": DocumentKind.OTHER,
    "ApplicationResponse": DocumentKind.OTHER,
    "Reminder": DocumentKind.OTHER,
    "Statement": DocumentKind.OTHER,
    "Catalogue": DocumentKind.OTHER,
}


def is_root(name: str) -> bool:
    """Tell whether a root element, without its namespace, begins a document we know."""
    return name in _ROOTS


def kind_of(root: str, code: str) -> tuple[DocumentKind, Confidence]:
    """Return what a document is by its root element and its type code, "" when it has none.

    A code that contradicts the root, a change or a cancellation is for a person.
    """
    expected = _ROOTS.get(root, DocumentKind.OTHER)
    said = _KINDS.get(code.lstrip("0"))
    if _TOLD_BY_A_PERSON & {code, root}:
        return DocumentKind.OTHER, Confidence.UNSURE
    if said is None:
        return expected, Confidence.LIKELY if code else Confidence.SURE
    if said is expected or DocumentKind.OTHER in {said, expected}:
        return (said if expected is not DocumentKind.OTHER else expected), Confidence.SURE
    bills = {DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE}
    return said, Confidence.SURE if {said, expected} <= bills else Confidence.UNSURE
