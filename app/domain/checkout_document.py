"""The checkout as it is stored: `[1,"k3x9…",["Asha Rao","asha@…",…]]`, the id and what is filled in, in order.

Everything in it was typed by a person, so the document is always sealed at rest (`keepcart.documents.seal`).
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from app.domain.checkout import ID_LENGTH, LONGEST, Draft, DraftChange
from keepcart.documents import Document, Unreadable, read

_Id = Annotated[str, msgspec.Meta(pattern=f"^([0-9a-f]{{{ID_LENGTH}}})?$")]
_Text = Annotated[str, msgspec.Meta(max_length=max(LONGEST.values()))]
_first = msgspec.json.Decoder(tuple[int, _Id, list[_Text]])


def most_bytes() -> int:
    """Return how many bytes the largest draft takes in storage, before it is sealed. A character takes at most four."""
    return len(b'[1,"",[]]') + ID_LENGTH + sum(4 * longest + len(b'"",') for longest in LONGEST.values())


def encode(draft: Draft) -> bytes:
    """Return the draft's stored form."""
    return msgspec.json.encode((1, draft.id, [getattr(draft, what) for what in LONGEST]))


def decode(body: bytes) -> Draft:
    """Read a stored draft.

    Raises:
        FromNewerRelease: a newer release wrote it.
        Unreadable: it is not a draft.
    """
    return read(body, {1: _read_first})


def _read_first(body: bytes) -> Draft:
    _, draft_id, texts = _first.decode(body)
    if len(texts) != len(LONGEST):
        raise Unreadable(f"{len(texts)} things are filled in, not {len(LONGEST)}")
    return Draft(draft_id, **dict(zip(LONGEST, texts, strict=True)))


def _apply(draft: Draft, change: DraftChange) -> Draft:
    return change.apply(draft)


CHECKOUT: Final[Document[Draft, DraftChange]] = Document("checkout", Draft(), encode, decode, _apply, sealed=True)
"""The document."""
