"""A storage that a test can take away."""

from collections.abc import Collection, Mapping, Sequence

from keepcart.backends import Corrupt, Outcome, Record, Storage, Unavailable


class Switchable:
    """A storage that can be switched off, and counts what it is asked."""

    def __init__(self, inner: Storage) -> None:
        self.inner = inner
        self.off = False
        self.refuses_writes = False
        self.loses_replies = False
        self.calls: list[str] = []

    def _asked(self, what: str) -> None:
        self.calls.append(what)
        if self.off:
            raise Unavailable("test://", "switched off")

    def load(self, owner: str, name: str, *, renew: bool = False) -> Record | None:
        self._asked("renew" if renew else "load")
        return self.inner.load(owner, name, renew=renew)

    def load_together(
        self, owner: str, names: Sequence[str], *, renew: bool = False
    ) -> Sequence[Record | Corrupt | None]:
        self._asked("renew together" if renew else "load together")
        return self.inner.load_together(owner, names, renew=renew)

    def save(self, owner: str, name: str, record: Record, *, replaces: str | None, age: float = 0.0) -> Outcome:
        self._asked("save")
        if self.refuses_writes:
            raise Unavailable("test://", "its memory is full", answered=True)
        outcome = self.inner.save(owner, name, record, replaces=replaces, age=age)
        if self.loses_replies:
            raise Unavailable("test://", "the reply was lost")
        return outcome

    def documents(self, owner: str, *, also: Collection[str] = ()) -> Mapping[str, bytes | None]:
        self._asked("documents")
        return self.inner.documents(owner, also=also)

    def forget(self, owner: str, *, age: float = 0.0, for_good: bool = False) -> None:
        self._asked("forget")
        if self.refuses_writes:
            raise Unavailable("test://", "its memory is full", answered=True)
        self.inner.forget(owner, age=age, for_good=for_good)
        if self.loses_replies:
            raise Unavailable("test://", "the reply was lost")

    def set_aside(self, owner: str, name: str, raw: bytes | None) -> bool:
        self._asked("set_aside")
        return self.inner.set_aside(owner, name, raw)

    def ping(self) -> None:
        self._asked("ping")
        self.inner.ping()

    def close(self) -> None:
        self.inner.close()
