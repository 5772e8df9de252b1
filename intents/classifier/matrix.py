"""Products with the features of many examples; the one place that needs scipy, and only to fit."""

from typing import Any

from .features import Floats, Rows


class Matrix:
    """Sparse rows X, to be multiplied."""

    def __init__(self, rows: Rows) -> None:
        # Imported here: answering questions, unlike fitting, does without scipy.
        from scipy.sparse import csr_array  # noqa: PLC0415 # pyright: ignore[reportMissingTypeStubs]

        shape = (len(rows), rows.width)
        self._rows: Any = csr_array((rows.values, rows.indices, rows.starts), shape)
        self._columns: Any = self._rows.T.tocsr()

    def forward(self, x: Floats) -> Floats:
        """Return Xx."""
        return self._rows @ x

    def backward(self, x: Floats) -> Floats:
        """Return X'x."""
        return self._columns @ x

    def gram(self) -> Floats:
        """Return XX', dense."""
        return (self._rows @ self._columns).toarray()
