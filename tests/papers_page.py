"""docs/papers.md and its pictures, made from the program: `python -m tests.papers_page`."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdf
import pypdfium2

from handlers.process.workflow import Workflow, said

from .golden_notices import workflow_of
from .written_papers import all_papers, bytes_of

DOCS = Path(__file__).parent.parent / "docs"
PAGE, PICTURES = DOCS / "papers.md", DOCS / "papers"
DPI = 80
HEAD = """# Papers

What savd writes to be printed: a PDF that a notice brings, drawn from a source as short as that of a notice. One design for all: A4,
black on white, the fonts inside the file, one page whatever the fields hold; only lists go on to further pages, under the same head.
What is printed here was made from sample values.

## Write one, or change one

A paper is a file per language, `templates/PROCESS/papers/NAME.LANGUAGE.md` (or in `common/papers/`, for every process). A directory of your
own (`templates_dir` in [configuration.md](configuration.md)) with the same layout overrides file by file, as for [notices](notices.md).
Front matter has the `title`; the body is light Markdown with the values that the notice has:

```
---
title: "Fiche de retour"
---
> **Dans le colis, avec le matériel.** Le numéro ci-dessus doit rester lisible à l’ouverture.

{{ ticket.fields | rows }}

---

Expédiez à

{{ desk.return_address | lines }}
```

| write | get |
| --- | --- |
| `> ` in front of lines | a box: what is to be done |
| `## `, `- `, `**bold**` | a heading, a list, bold words |
| a line `---` | the foot: what follows stands at the bottom of every page |
| `{{ pairs \\| rows }}` | (label, value) pairs, one below the other |
| `{{ lines \\| table(header) }}` | a table; its header comes again on each page |
| `{{ lines \\| lines }}` | an address, large |
| `{{ pairs \\| form(2) }}` | fields to fill in, (label, value, hint) each, two side by side: on a screen (AcroForm) or by pen |
| `{{ labels \\| blanks(2) }}` | lines to write on |
| `{{ label \\| frame(40) }}` | an empty frame, 40 mm high, for a signature |
| `{{ telephone \\| scan(words) }}` | a QR code that opens a mail to the ticket: the photo of the page comes back by itself |

A field is named by its label, so what is typed into it is read as if it stood in the mail: `N° de garantie : GW-100201`.

The [workflow file](workflow.md) declares the paper and names the notices that bring it:

```yaml
papers:
  return_sheet: {about: goes into the parcel with what is returned, travels: true}
notices:
  N2: {about: return authorised, papers: [return_sheet]}
```

One that `travels` in a parcel shows the number as wide as the page, with bar code (Code 128) and QR code. `savd check` draws every paper in every
language and names what is missing; `savd notice papers N2 DIRECTORY` writes those of a notice to look at.

Letters of Latin, Greek and Cyrillic scripts are printed; others become question marks, emoji are left out. A value of more than 900
characters or 12 lines ends in "…": the request has the rest. Values can neither become markup nor reach a file or the network.

Made by `python -m tests.papers_page`; a test compares.
"""


def page() -> str:
    """Return the page as the program says it should be."""
    return "\n".join([HEAD, *_papers()]) + "\n"


def write() -> None:
    """Write the page and its pictures."""
    PAGE.write_text(page(), encoding="utf-8")
    for process, name, code in all_papers():
        if code == "fr":
            _keep(bytes_of(process, name, code), place(process, name))


def place(process: str, name: str) -> Path:
    """Return where the picture of a paper is kept."""
    return PICTURES / process / f"{name}.webp"


def _papers() -> Iterator[str]:
    for process in dict.fromkeys(one[0] for one in all_papers()):
        workflow = workflow_of(process)
        yield f"## {said(workflow.label, 'en')} (`{process}`)\n"
        for name in workflow.papers:
            yield from _paper(workflow, process, name)


def _paper(workflow: Workflow, process: str, name: str) -> Iterator[str]:
    rule = workflow.papers[name]
    yield f"### `{name}` – {rule.about}\n"
    bringing = (
        f"`{notice}` ({one.about})"
        for notice, one in workflow.notices.items()
        if name in one.papers
    )
    yield f"- **Comes with** {', '.join(bringing)}"
    fields = pypdf.PdfReader(BytesIO(bytes_of(process, name, "en"))).get_fields() or {}
    if fields:
        yield f"- **To be filled in** {', '.join(fields)}"
    yield f"- **Languages** {', '.join(code for p, n, code in all_papers() if (p, n) == (process, name))}\n"
    file = place(process, name).relative_to(DOCS).as_posix()
    yield f'<img src="{file}" width="420" alt="Paper {name} of {process}">\n'


def _keep(data: bytes, file: Path) -> None:
    """Write the first page as a small picture, unless the one that is there is the same."""
    grey = pypdfium2.PdfDocument(data)[0].render(scale=DPI / 72, grayscale=True).to_pil()
    file.parent.mkdir(parents=True, exist_ok=True)
    grey.quantize(16).convert("L").save(file, "WEBP", lossless=True, quality=90, method=6)


if __name__ == "__main__":
    write()
