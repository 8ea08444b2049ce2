"""Readers: the bytes of one format become documents. One family of formats a file.

What every reader keeps to:

- `Document.text` is canonical. Text, Markdown, reStructuredText and source code keep their own characters (Markdown
  without its front matter); HTML, XML, JSON, CSV, PDF and DOCX are extracted, and each extracted character has its
  origin.
- A heading block covers the whole heading as it stands in the text (marks and underline included); `label` is its
  wording, `level` its depth from 1. A code block covers fences or directive lines too; `language` is given where it
  is declared.
- A table block holds row blocks, a row block holds cell blocks. A cell block covers the value only; its label is the
  column. Rows count from 1 in the order of the source, the header's row included.
- Locators are words for a person: "page 3", "row 12, column price", "$.paths./x.get".
- An empty source is `MalformedSource`; a source that expands too far is `LimitExceeded`; nothing is left out silently.
- `SourceFile.metadata` is merged under the document's own. Its key "reader" (a mapping) holds options for the reader
  and is not passed on: `ocr` (bool), `ocr_language`, `max_expanded_bytes`.
"""
