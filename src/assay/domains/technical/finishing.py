"""What the pack adds to a result: the target version, every symbol of the answer looked up at it, code with languages.

The answer's verified parts are not touched. Its text gets language tags on fences that have none, and a line that
states the version; warnings name what is removed, deprecated, or not yet there at the target.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from assay.domains.technical.code import CodeAnalyzer
from assay.domains.technical.code.anchors import anchor_at
from assay.domains.technical.ranking import cited_notes, described_in, product_of
from assay.domains.technical.references import DESCRIBED
from assay.domains.technical.rendering import Fence, fences, tagged, version_line
from assay.domains.technical.symbols import mentions
from assay.domains.technical.targets import Target
from assay.domains.technical.versions import Standing, parse_version, same_product, standing_of
from assay.ports import Library
from assay.types import Claim, QueryResult, Source

_MOST_SYMBOLS = 40
_PROBLEMS = ("removed", "deprecated", "not yet available")
KEY = "technical_metadata"


def finished(
    reading: Mapping[str, Any], result: QueryResult, library: Library, settings: Mapping[str, Any], target: Target
) -> QueryResult:
    """`result` with `technical_metadata`, warnings and tagged code."""
    tracking = bool(settings.get("version_tracking", True))
    code = _code(result) if result.status == "success" else []
    sources = _documented(result)
    when = target if tracking else Target()
    standings = _standings(reading, result, code, library, when, sources) if tracking else []
    warnings = _warnings(standings, when, sources, settings) if tracking else []
    result[KEY] = {
        "target_version": when.version,
        "target_product": when.product,
        "target_from": when.origin,
        "documented_versions": sources,
        "question_kind": str(reading.get("kind", "")),
        "symbols": [_plain(standing) for standing in standings],
        "code": [_described(fence) for fence in code],
        "error_handling": any(fence.handles_errors for fence in code),
        "references": _references(result.claims, result.sources),
        "warnings": warnings,
    }
    result.warnings = tuple(dict.fromkeys((*result.warnings, *warnings)))
    if result.status == "success":
        result.answer = _answer(result.answer, code, when, sources, settings)
    return result


# --- versions -----------------------------------------------------------------------------------------------------


def _documented(result: QueryResult) -> list[dict[str, str]]:
    """Product and version of the cited sources, or of the nearest where nothing was cited."""
    found: dict[tuple[str, str], None] = {}
    for source in result.sources or result.nearest:
        version = source.metadata.get("version")
        found[product_of(source.metadata), version if isinstance(version, str) else ""] = None
    return [{"product": product, "version": version} for product, version in found if product or version]


def _standings(
    reading: Mapping[str, Any],
    result: QueryResult,
    code: Sequence[Fence],
    library: Library,
    target: Target,
    sources: Sequence[Mapping[str, str]],
) -> list[Standing]:
    """The asked symbols, then those that the answer uses, each at the target version."""
    product = target.product or _only({source["product"] for source in sources})
    version = target.version or _only({source["version"] for source in sources})
    asked = [str(name) for name in reading.get("symbols", ())]
    used = [name for fence in code for name in fence.symbols]
    named = [mention.name for claim in result.claims if not _is_code(claim) for mention in mentions(claim.text)]
    found: list[Standing] = []
    for name in dict.fromkeys((*asked, *used, *named)):
        standing = standing_at(name, library, version, product)
        if name in asked or standing.status != "unknown" or name in used:
            found.append(standing)
        if len(found) >= _MOST_SYMBOLS:
            break
    return found


def standing_at(symbol: str, library: Library, version: str, product: str = "") -> Standing:
    """How `symbol` stands at `version` by the library's version notes; see `versions.standing`."""
    notes = cited_notes(symbol, library)
    described = described_in(symbol, library.facts(DESCRIBED, (symbol,)), product)
    return standing_of(symbol, notes, version, product=product, described=described)


def _only(values: set[str]) -> str:
    """The one value there is; "" where there are several."""
    known = {value for value in values if value}
    return known.pop() if len(known) == 1 else ""


def _warnings(
    standings: Sequence[Standing], target: Target, sources: Sequence[Mapping[str, str]], settings: Mapping[str, Any]
) -> list[str]:
    found: list[str] = []
    if settings.get("deprecation_warnings", True):
        found.extend(warning_of(one) for one in standings if one.status in _PROBLEMS)
        found.extend(text for one in standings for text in _part_warnings(one))
    if target.version and not _is_documented(target, sources):
        told = ", ".join(sorted({f"{one['product']} {one['version']}".strip() for one in sources if one["version"]}))
        found.append(
            f"asked for version {target.version} ({target.origin}); the sources document {told or 'no stated version'}:"
            " check what they say against that version"
        )
    return list(dict.fromkeys(found))


def warning_of(standing: Standing) -> str:
    """One line on a symbol that is removed, deprecated or not yet there: since when, what is planned, what to use."""
    at = f" (at {standing.target})" if standing.target else ""
    if standing.status == "not yet available":
        return f"{standing.symbol} is not available in {standing.target}: {standing.reason}"
    since = f" in {standing.since}" if standing.since else ", in which version is not stated"
    plan = f"; removal is planned for {standing.removal}" if standing.removal else ""
    use = f"; use {', '.join(standing.replacement[:3])}" if standing.replacement else ""
    doubt = "; sources name several versions" if standing.disputed else ""
    return f"{standing.symbol} is {standing.status}{since}{plan}{use}{doubt}{at}"


def _part_warnings(standing: Standing) -> list[str]:
    """A line on each deprecated or removed parameter or use of a symbol that is otherwise available, at most two."""
    if standing.status != "available":
        return []
    found = []
    for cited in standing.parts:
        note = cited.note
        if note.change in ("deprecated", "removed"):
            what = "a parameter" if note.scope == "parameter" else "one way of using it"
            since = f" in {note.version}" if note.version else ""
            found.append(f"{standing.symbol}: {what} is {note.change}{since}; see {cited.document_id}")
    return list(dict.fromkeys(found))[:2]


def _is_documented(target: Target, sources: Sequence[Mapping[str, str]]) -> bool:
    """Whether some source is of the target version; where none states one, nothing is known and nothing warned of."""
    stated = [one for one in sources if one["version"] and same_product(one["product"], target.product) is not False]
    when = parse_version(target.version)
    if when is None or not stated:
        return not stated
    size = len(when.parts)
    return any((own := parse_version(one["version"])) is not None and own.parts[:size] == when.parts for one in stated)


def _plain(standing: Standing) -> dict[str, Any]:
    held: dict[str, Any] = {
        "symbol": standing.symbol,
        "status": standing.status,
        "target": standing.target,
        "since": standing.since,
        "added": standing.added,
        "deprecated": standing.deprecated,
        "planned_removal": standing.removal,
        "replacement": list(standing.replacement),
        "reason": standing.reason,
        "disputed": standing.disputed,
        "sources": standing.sources,
        "evidence": [{"document_id": d, "start": start, "end": end} for d, start, end in standing.evidence],
    }
    parts = [{"change": c.note.change, "version": c.note.version, "scope": c.note.scope, "document_id": c.document_id,
              "start": c.note.start, "end": c.note.end} for c in standing.parts[:8]]  # fmt: skip
    return held | ({"parts": parts} if parts else {})


# --- code -----------------------------------------------------------------------------------------------------------


def _code(result: QueryResult) -> list[Fence]:
    return fences(result.answer, CodeAnalyzer(), _context(result))


def _context(result: QueryResult) -> str:
    """The language of the cited sources where they state one and agree."""
    told = {str(source.metadata.get("language", "")) for source in result.sources}
    products = {product_of(source.metadata).lower() for source in result.sources}
    language = _only(told)
    return language or ("python" if products and products <= {"python", "cpython"} else "")


def _described(fence: Fence) -> dict[str, Any]:
    return {
        "language": fence.language,
        "language_from": fence.language_source,
        "completeness": fence.completeness,
        "parses": fence.parses,
        "error": fence.error,
        "symbols": list(fence.symbols),
        "error_handling": fence.handles_errors,
    }


def _is_code(claim: Claim) -> bool:
    return claim.section == "code"


def _answer(
    answer: str,
    code: Sequence[Fence],
    target: Target,
    sources: Sequence[Mapping[str, str]],
    settings: Mapping[str, Any],
) -> str:
    text = tagged(answer, code) if settings.get("syntax_highlighting", True) else answer
    line = version_line(target, sources) if settings.get("version_tracking", True) else ""
    return f"{text}\n\n{line}" if line and text.strip() else text


def _references(claims: Sequence[Claim], sources: Sequence[Source]) -> list[dict[str, str]]:
    """For each citation its document, version and anchor."""
    by_document = {source.document_id: source for source in sources}
    found: dict[int, dict[str, str]] = {}
    for claim in claims:
        for citation in claim.citations:
            source = by_document.get(citation.document_id)
            if source is None or citation.number in found:
                continue
            metadata = source.metadata
            version = metadata.get("version")
            url = metadata.get("url") or metadata.get("url_path")
            anchor = anchor_at(metadata, citation.start)
            address = re.sub(r"#.*$", "", url) if isinstance(url, str) else source.source
            found[citation.number] = {
                "number": str(citation.number),
                "document": source.title,
                "product": product_of(metadata),
                "version": version if isinstance(version, str) else "",
                "anchor": anchor,
                "address": f"{address}#{anchor}" if anchor else address,
            }
    return [found[number] for number in sorted(found)]
