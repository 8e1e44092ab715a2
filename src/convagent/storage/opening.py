"""From the text in a shop's settings to a storage."""

from __future__ import annotations

import os
import re

from convagent.errors import StorageError
from convagent.storage.memory import MemoryStorage
from convagent.storage.port import Storage

__all__ = ["open_storage"]

_SCHEME = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]+):(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_FORMS = 'Write "memory:", "sqlite:///relative.db", "sqlite:////absolute.db" or the path of a file.'


def open_storage(url_or_path: str | os.PathLike[str]) -> Storage:
    """Open the storage that `url_or_path` names.

    Args:
        url_or_path: `memory:`; `sqlite:///relative.db`, from the current folder; `sqlite:////absolute.db`;
            `sqlite:///:memory:`; or the path of a SQLite file. The path in a URL is taken as it stands: nothing in it
            is escaped. A path whose beginning looks like a scheme is written with `./` before it.

    Raises:
        StorageError: `storage-scheme` for a URL of another form, else whatever opening the storage raises.
    """
    found = _SCHEME.fullmatch(url_or_path) if isinstance(url_or_path, str) else None
    if not found:
        return _opened_file(url_or_path)
    scheme, rest = found["scheme"].lower(), found["rest"]
    if scheme == "memory" and rest in ("", "//"):
        return MemoryStorage()
    if scheme == "sqlite" and rest.startswith("///") and len(rest) > len("///"):
        return _opened_file(rest[len("///") :])
    # Only the scheme is repeated: what follows may hold a password.
    if scheme.split("+")[0] in ("postgresql", "postgres"):
        raise StorageError(
            "this convagent keeps no conversations in PostgreSQL",
            code="storage-scheme",
            remedy='Install a convagent that has the extra "convagent[postgresql]", or use SQLite: ' + _FORMS,
        )
    raise StorageError(f'a storage can\'t be opened by this "{scheme}:" URL', code="storage-scheme", remedy=_FORMS)


def _opened_file(path: str | os.PathLike[str]) -> Storage:
    from convagent.storage.sqlite import SqliteStorage

    return SqliteStorage.open(path)
