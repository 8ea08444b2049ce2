"""Courts and binding: which courts there are, how they are named, and whom their decisions bind."""

from assay.domains.legal.courts.binding import Authority, Binding, binds, outranks
from assay.domains.legal.courts.forums import contains, forums_in
from assay.domains.legal.courts.model import Court, State
from assay.domains.legal.courts.names import identify, normalise_path
from assay.domains.legal.courts.table import court, courts, states

__all__ = [
    "Authority",
    "Binding",
    "Court",
    "State",
    "binds",
    "contains",
    "court",
    "courts",
    "forums_in",
    "identify",
    "normalise_path",
    "outranks",
    "states",
]
