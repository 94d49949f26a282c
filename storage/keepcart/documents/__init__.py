"""Documents with a type, changes and waiting changes: what survives, without a browser and without Streamlit.

    keeper = Keeper(open_storage(url), keep_seconds=30 * 86_400)     # one a process
    count = keeper.hold("visitor-1", COUNT)                          # COUNT is a Document
    count.load()
    count.change(1)

A change applies at once. It is saved by compare-and-set, once, and waits in memory while storage is away.
"""

from keepcart.documents.backlog import Backlog, Full
from keepcart.documents.document import Document, FromNewerRelease, Locked, Refused, Unreadable, read
from keepcart.documents.held import Held
from keepcart.documents.keeper import Keeper
from keepcart.documents.kept import Kept, TooLarge
from keepcart.documents.moving import Bring, Leave, Settle, brought_of, own_values
from keepcart.documents.owner import Owner
from keepcart.documents.seal import Seal, sealed_size
from keepcart.documents.values import VALUES, Values, ValuesChange, Writes
from keepcart.documents.write import Write

__all__ = [
    "VALUES",
    "Backlog",
    "Bring",
    "Document",
    "FromNewerRelease",
    "Full",
    "Held",
    "Keeper",
    "Kept",
    "Leave",
    "Locked",
    "Owner",
    "Refused",
    "Seal",
    "Settle",
    "TooLarge",
    "Unreadable",
    "Values",
    "ValuesChange",
    "Write",
    "Writes",
    "brought_of",
    "own_values",
    "read",
    "sealed_size",
]
