"""Products kept in little memory: as they are while they are few, packed and read again when asked for once they are many."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from convagent.catalog.kept_parts import read_parts, write_parts
from convagent.catalog.moves import Moves
from convagent.catalog.packed import HeldPacked, KeptPacked, Packed, write_packed
from convagent.catalog.packing import Packing
from convagent.catalog.title_column import TitleColumn
from convagent.facts import Product

__all__ = ["KEPT_WHOLE", "ProductStore", "content_hash"]

KEPT_WHOLE = 5_000
"""Up to so many products are kept as they are; of more, the `KEPT_READ` that were asked for last."""

KEPT_READ = 500
"""Products of a large catalog that are kept as they were read: about 15 kB each."""

_SAMPLES = 500
"""Products whose JSON the packing is learned from, once a catalog: 65 ms."""

_HASH = 16


class ProductStore(Sequence[Product]):
    """The products of a catalog by their number. Safe to read from several threads while one replaces.

    Args:
        products: The products in their order; they are read once.
        hashed: Whether products get a hash of their contents as they are added.
    """

    def __init__(self, products: Iterable[Product] = (), *, hashed: bool = False) -> None:
        self._hashes: bytearray | None = bytearray() if hashed else None
        self._kept_hashes: NDArray[np.uint8] | None = None
        self._whole: list[Product] | None = []
        self._packed: Packed = HeldPacked()
        self._edition = 0
        self._packing = Packing(b"")
        self._titles = TitleColumn()
        self._read: OrderedDict[int, Product] = OrderedDict()
        self._lock = Lock()
        for product in products:
            self.append(product)

    def append(self, product: Product) -> None:
        """One more product at the end."""
        if self._whole is None:
            self._pack_another(product)
            return
        self._whole.append(product)
        if len(self._whole) > KEPT_WHOLE:
            step = max(1, len(self._whole) // _SAMPLES)
            self._packing = Packing.learned([_json(each) for each in self._whole[::step]])
            whole, self._whole = self._whole, None
            for each in whole:
                self._pack_another(each)

    def _pack_another(self, product: Product) -> None:
        written = _json(product)
        if self._hashes is not None:
            self._hashes += _hash(written)
        self._packed.append(self._packing.packed(written))
        self._titles.append(product.id, product.title)

    def renewed(self, moves: Moves, added: Sequence[Product], hashes: NDArray[np.uint8]) -> ProductStore:
        """These products, which are packed, without those that are gone, and new ones.

        Args:
            moves: Where the products stand.
            added: The new ones.
            hashes: Of their contents.
        """
        made = ProductStore()
        made._whole, made._packing = None, self._packing
        made._kept_hashes = moves.joined(self.hashes, hashes)
        titles, new = list(self.titles()), iter(added)
        for place in moves.places.tolist():
            if place >= 0:
                made._packed.append(self._packed[place])
                made._titles.append(*titles[place])
            else:
                made._pack_another(next(new))
        return made

    @property
    def hashes(self) -> NDArray[np.uint8]:
        """(products, 16): a hash of the contents of each, where these were asked for, as they were at first."""
        if self._kept_hashes is not None:
            return self._kept_hashes
        return np.frombuffer(bytes(self._hashes or b""), dtype=np.uint8).reshape(-1, _HASH)

    def replace(self, number: int, product: Product) -> None:
        """Another product in the place of one, such as the same with other stock."""
        if self._whole is not None:
            self._whole[number] = product
            return
        packed = self._packing.packed(_json(product))
        with self._lock:
            self._packed[number] = packed
            self._edition += 1
            self._read.pop(number, None)

    @property
    def is_packed(self) -> bool:
        """Whether the products are packed, being more than `KEPT_WHOLE`."""
        return self._whole is None

    def save(self, folder: Path) -> None:
        """Writes the products, which are packed, into a folder, which is made if need be.

        Raises:
            OSError: It can't be written.
        """
        folder.mkdir(parents=True, exist_ok=True)
        titles, last = self._titles.parts
        arrays: dict[str, NDArray[Any]] = {
            "starts": write_packed(folder / "products.bin", self._packed),
            "title-starts": write_packed(folder / "titles.bin", titles),
            "hashes": self.hashes,
            "dictionary": np.frombuffer(self._packing.dictionary, dtype=np.uint8),
        }
        write_parts(folder, arrays, last)

    @classmethod
    def load(cls, folder: Path) -> ProductStore:
        """What `save` wrote; a product is read from there when it is asked for.

        Raises:
            OSError: There is nothing.
            ValueError: It is damaged.
        """
        arrays, last = read_parts(folder)
        made = cls()
        made._whole, made._packing = None, Packing(arrays["dictionary"].tobytes())
        made._packed = KeptPacked(folder / "products.bin", arrays["starts"])
        made._kept_hashes = arrays["hashes"]
        made._titles = TitleColumn.of(
            KeptPacked(folder / "titles.bin", arrays["title-starts"]), [(own, title) for own, title in last]
        )
        return made

    def titles(self) -> Iterable[tuple[str, str]]:
        """Every product's id and title, in their order, without reading products that are packed."""
        return self._titles if self._whole is None else [(each.id, each.title) for each in self._whole]

    def __len__(self) -> int:
        """How many products."""
        return len(self._packed) if self._whole is None else len(self._whole)

    @overload
    def __getitem__(self, number: int) -> Product: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Product]: ...
    def __getitem__(self, number: int | slice) -> Product | Sequence[Product]:
        """The product with a number, or several."""
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        if self._whole is not None:
            return self._whole[number]
        if number < 0:
            number += len(self)
        with self._lock:
            found = self._read.get(number)
            if found is not None:
                self._read.move_to_end(number)
                return found
            packed, edition = self._packed[number], self._edition
        product = self._unpack(packed)
        with self._lock:
            if self._edition == edition:  # else it may have been replaced meanwhile
                self._read[number] = product
                if len(self._read) > KEPT_READ:
                    self._read.popitem(last=False)
        return product

    def __iter__(self) -> Iterator[Product]:
        """All products in their order; those that are packed are read anew and not kept."""
        if self._whole is not None:
            yield from self._whole
            return
        for packed in self._packed:
            yield self._unpack(packed)

    def __eq__(self, other: object) -> bool:
        """Whether another sequence holds the same products in the same order."""
        return (
            isinstance(other, Sequence)
            and len(self) == len(other)
            and all(mine == theirs for mine, theirs in zip(self, other, strict=True))
        )

    __hash__ = None  # type: ignore[assignment]

    def _unpack(self, packed: bytes) -> Product:
        return Product.model_validate_json(self._packing.unpacked(packed))


def content_hash(product: Product) -> bytes:
    """A hash of what a product holds: 16 bytes.

    Args:
        product: The product.
    """
    return _hash(_json(product))


def _hash(written: bytes) -> bytes:
    return blake2b(written, digest_size=_HASH).digest()


def _json(product: Product) -> bytes:
    return product.model_dump_json(exclude_unset=True).encode("utf-8", "surrogatepass")
