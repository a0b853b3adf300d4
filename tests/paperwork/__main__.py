"""Print how well papers are read: `python -m tests.paperwork [--write FOLDER] [WORD …]`.

With words only the papers whose file, form, language or layout holds one of them are read.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from pathlib import Path

from .build import file_of
from .fields import FIELDS
from .paper import Paper
from .score import Mark, judge_all, kinds_right, share
from .specs import papers


def main() -> None:
    """Read what the command line asks for and print the figures."""
    arguments = argparse.ArgumentParser(prog="python -m tests.paperwork", description=__doc__)
    arguments.add_argument("--write", type=Path, help="write the papers into this folder")
    arguments.add_argument("words", nargs="*", help="only papers with one of these words")
    given = arguments.parse_args()
    made = [(paper, file_of(paper)) for paper in papers() if wanted(paper, given.words)]
    if given.write:
        given.write.mkdir(parents=True, exist_ok=True)
        for count, (paper, data) in enumerate(made):
            (given.write / f"{count:03d} {paper.file}").write_bytes(data)
        return
    report(judge_all(made))


def wanted(paper: Paper, words: list[str]) -> bool:
    """Tell whether a paper was asked for."""
    said = f"{paper.file} {paper.form} {paper.kind} {paper.language} {paper.style}".casefold()
    return not words or any(word.casefold() in said for word in words)


def report(marks: list[Mark]) -> None:
    """Print misses first, the figures last, where they are seen."""
    if not marks:
        sys.exit("no paper matches")
    misses(marks)
    confusion(marks)
    worst(marks)
    figures(marks)


def misses(marks: list[Mark]) -> None:
    for mark in marks:
        paper, read = mark.paper, mark.read
        wrong = [
            f"    {name}: {one.truth!r} read as {one.read!r}"
            for name, all_judged in mark.fields.items()
            for one in all_judged
            if not one.right
        ]
        if mark.kind != "right":
            reasons = "; ".join(read.reasons)
            said = f"{read.kind} ({read.confidence}) {mark.refusal} because {reasons}"
            wrong.insert(0, f"    kind: {paper.kind} read as {said}")
        if wrong:
            print(f"{paper.file}  [{paper.form}, {paper.language}, {paper.style}]")
            print("\n".join(wrong))


def confusion(marks: list[Mark]) -> None:
    print("\nkinds            papers  right  unsure  wrong")
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for mark in marks:
        counts[mark.paper.kind][mark.kind] += 1
    for kind, count in sorted(counts.items()):
        row = f"{count['right']:7}{count['unsure']:8}{count['wrong']:7}"
        print(f"{kind:16} {count.total():6}{row}")


def worst(marks: list[Mark]) -> None:
    for what in ("language", "style"):
        groups: dict[str, list[Mark]] = defaultdict(list)
        for mark in marks:
            if mark.fields:
                groups[getattr(mark.paper, what)].append(mark)
        shares = []
        for name, group in groups.items():
            judged = [one for mark in group for many in mark.fields.values() for one in many]
            shares.append((sum(one.right for one in judged) / len(judged), name, len(group)))
        print(f"\nby {what}: " + ", ".join(f"{n} {s:.0%} ({c})" for s, n, c in sorted(shares)[:12]))


def figures(marks: list[Mark]) -> None:
    print("\nfield                values  right  not found  wrong")
    for name in FIELDS:
        judged = [one for mark in marks for one in mark.fields.get(name, ())]
        absent = sum(not one.found and not one.right for one in judged)
        wrong = sum(one.found and not one.right for one in judged)
        print(f"{name:20} {len(judged):6} {share(marks, name):6.1%} {absent:10} {wrong:6}")
    taken = [mark.paper.file for mark in marks if mark.taken_for_order]
    seconds = sum(mark.seconds for mark in marks)
    slowest = max(marks, key=lambda mark: mark.seconds)
    print(f"\n{len(marks)} papers, kinds right {kinds_right(marks):.1%}; ", end="")
    print(f"taken for orders: {len(taken)} {' '.join(taken)}")
    print(f"read in {seconds:.1f} s, the slowest {slowest.seconds:.2f} s: {slowest.paper.file}")


if __name__ == "__main__":
    main()
