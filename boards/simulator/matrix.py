"""A key matrix without diodes, as wires conduct: also backwards, through the wrong keys."""


class VirtualMatrix:
    """`rows` and `columns` are its pins: open-drain outputs, inputs with pull-ups."""

    def __init__(self, row_count: int, column_count: int):
        self.rows = [_RowPin(self, 1 << at) for at in range(row_count)]
        self.columns = [_ColumnPin(self, 1 << at) for at in range(column_count)]
        self._closed = bytearray(row_count)  # a bit a column
        self._low_rows = 0
        self.is_watched = False  # whether a driver has looked at a contact yet

    def switch(self, row: int, column: int, closed: bool) -> None:
        """A key goes down or up; one that does not exist changes nothing."""
        if row < len(self.rows) and column < len(self.columns):
            if closed:
                self._closed[row] |= 1 << column
            else:
                self._closed[row] &= ~(1 << column)

    def is_closed(self, row: int, column: int) -> bool:
        """Whether a key's own contact is closed, whatever its row is driven to."""
        self.is_watched = True
        return bool(self._closed[row] >> column & 1)

    def drive(self, row_bit: int, level: int) -> None:
        """A row pin pulls low (0) or lets go (1)."""
        if level:
            self._low_rows &= ~row_bit
        else:
            self._low_rows |= row_bit

    def low_columns(self) -> int:
        """The columns that are low: every wire that closed keys join to a low row."""
        self.is_watched = True
        low_rows = self._low_rows
        low_columns = before = 0
        while True:
            for at, columns in enumerate(self._closed):
                if low_rows >> at & 1:
                    low_columns |= columns
                elif columns & low_columns:
                    low_rows |= 1 << at
                    low_columns |= columns
            if low_columns == before:
                return low_columns
            before = low_columns


class _RowPin:
    def __init__(self, matrix: VirtualMatrix, bit: int):
        self._matrix = matrix
        self._bit = bit

    def value(self, level: int) -> None:
        self._matrix.drive(self._bit, level)


class _ColumnPin:
    def __init__(self, matrix: VirtualMatrix, bit: int):
        self._matrix = matrix
        self._bit = bit

    def value(self) -> int:
        return 0 if self._matrix.low_columns() & self._bit else 1
