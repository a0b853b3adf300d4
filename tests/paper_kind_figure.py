"""Print how well the kinds of papers are told: `python -m tests.paper_kind_figure`."""

from __future__ import annotations

from collections import Counter

from parsers.business import Confidence, DocumentKind

from .test_paper_kind import CASES, told, wrong


def main() -> None:
    """Read every case; print what is wrong, then the figures."""
    certain: Counter[str] = Counter()
    right = taken = 0
    for case in CASES:
        found = told(case)
        fault = wrong(case, found)
        if fault:
            print(f"{case['name']}: {fault}", *found.reasons, sep="\n    ")
        right += not fault
        certain[found.confidence.value] += 1
        order = "order" in (case["kind"], *case.get("may", ()))
        taken += found.kind is DocumentKind.ORDER and not order
    shares = ", ".join(f"{one.value} {certain[one.value]}" for one in Confidence)
    print(f"{right} of {len(CASES)} right ({shares}); taken for orders: {taken}")


if __name__ == "__main__":
    main()
