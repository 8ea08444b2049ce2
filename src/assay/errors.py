"""Every error that Assay raises, drawn as a tree.

    AssayError
    ├── ConfigError            a setting is unknown, malformed, or its ${VAR} is unset
    ├── InputError             the caller's argument cannot be used (question, filter, k, threshold)
    │   ├── QuestionError      the question is empty, too short, too long or not text
    │   └── FilterError        the filter names an unknown field or an impossible value
    ├── AccessDenied           the principal may not do or see this
    ├── IngestError            a file could not become a document; everything else goes on
    │   ├── UnsupportedFormat  no reader knows this format
    │   ├── UnreadableSource   missing, changed while read, outside the folder, no permission
    │   ├── LimitExceeded      too large, too slow, too much memory, expands too far
    │   └── MalformedSource    the reader could not make sense of the bytes
    ├── StoreError             the store cannot be used as it is
    │   ├── StoreNotFound      there is no store at this place
    │   ├── StoreTooNew        written by a newer version
    │   ├── StoreInUse         owned by another process that could not be reached
    │   ├── StoreReadOnly      the folder or its file system does not accept writes
    │   ├── StoreFull          the disk is full
    │   ├── StoreDamaged       files are damaged or catalogue and index disagree
    │   ├── ManifestMismatch   built with another embedder, tokeniser or schema
    │   └── OwnerLost          the index owner crashed or stopped answering
    ├── ModelError             a model could not be loaded or called
    │   ├── ModelMissing       the local model is not installed
    │   ├── ModelTimeout       no answer in time
    │   ├── ModelUnavailable   refused, overloaded or unreachable after retries
    │   └── ModelProtocolError the answer broke off or was not what the protocol promises
    ├── VerificationError      a draft could not be checked
    └── NotFound               a document, job or challenge of that name does not exist

Each error says three things: what happened, why, and what to do next. `str()` joins them.
"""

from __future__ import annotations


class AssayError(Exception):
    """The root. `what` happened, `why` (may be empty), and what to do `next` (may be empty)."""

    code = "assay_error"

    def __init__(self, what: str, *, why: str = "", next: str = "") -> None:
        super().__init__(what, why, next)
        self.what = what
        self.why = why
        self.next = next

    def __str__(self) -> str:
        parts = (self.what, self.why, self.next)
        return " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in parts if part)

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.what, self.why, self.next))


def _rebuild(kind: type[AssayError], what: str, why: str, next: str) -> AssayError:
    return kind(what, why=why, next=next)


class ConfigError(AssayError):
    """A setting is unknown, malformed, or refers to an unset variable."""

    code = "config"


class InputError(AssayError):
    """The caller's argument cannot be used."""

    code = "input"


class QuestionError(InputError):
    """The question is empty, too short, too long or not text."""

    code = "question"


class FilterError(InputError):
    """The filter names an unknown field or an impossible value."""

    code = "filter"


class AccessDenied(AssayError):
    """The principal may not do or see this."""

    code = "access_denied"


class IngestError(AssayError):
    """A file could not become a document; everything else goes on."""

    code = "ingest"


class UnsupportedFormat(IngestError):
    """No reader knows this format."""

    code = "unsupported_format"


class UnreadableSource(IngestError):
    """Missing, changed while it was read, outside the folder, or not permitted."""

    code = "unreadable_source"


class LimitExceeded(IngestError):
    """Too large, too slow, too much memory, or expands too far."""

    code = "limit_exceeded"


class MalformedSource(IngestError):
    """The reader could not make sense of the bytes."""

    code = "malformed_source"


class StoreError(AssayError):
    """The store cannot be used as it is."""

    code = "store"


class StoreNotFound(StoreError):
    """There is no store at this place."""

    code = "store_not_found"


class StoreTooNew(StoreError):
    """The store was written by a newer version."""

    code = "store_too_new"


class StoreInUse(StoreError):
    """The store is owned by another process that could not be reached."""

    code = "store_in_use"


class StoreReadOnly(StoreError):
    """The folder or its file system does not accept writes."""

    code = "store_read_only"


class StoreFull(StoreError):
    """The disk is full."""

    code = "store_full"


class StoreDamaged(StoreError):
    """Files are damaged, or catalogue and index disagree."""

    code = "store_damaged"


class ManifestMismatch(StoreError):
    """The index was built with another embedder, tokeniser or schema."""

    code = "manifest_mismatch"


class OwnerLost(StoreError):
    """The index owner crashed or stopped answering."""

    code = "owner_lost"


class ModelError(AssayError):
    """A model could not be loaded or called."""

    code = "model"


class ModelMissing(ModelError):
    """The local model is not installed."""

    code = "model_missing"


class ModelTimeout(ModelError):
    """No answer in time."""

    code = "model_timeout"


class ModelUnavailable(ModelError):
    """Refused, overloaded or unreachable after retries."""

    code = "model_unavailable"


class ModelProtocolError(ModelError):
    """The answer broke off or was not what the protocol promises."""

    code = "model_protocol"


class VerificationError(AssayError):
    """A draft could not be checked."""

    code = "verification"


class NotFound(AssayError):
    """A document, job or challenge of that name does not exist."""

    code = "not_found"
