"""Rows as the bytes of a file: JSON lines, CSV or Parquet. The same rows give the same bytes.

The only place that knows pyarrow, which the extra `export` brings.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from ..core import UsageError
from ..writing import alone, fill, made, placed, put, put_all, stage, told
from .rows import Row


def jsonl(rows: Sequence[Row]) -> bytes:
    """An object on each line, keys in the order of the rows."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def table(rows: Sequence[Row]) -> bytes:
    """CSV with a head line; lists and objects as JSON. Line ends are \\r\\n, as RFC 4180 has it."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), quoting=csv.QUOTE_MINIMAL)
    writer.writeheader()
    for row in rows:
        nested = {key: json.dumps(v, ensure_ascii=False) if isinstance(v, list) else v for key, v in row.items()}
        writer.writerow(nested)
    return out.getvalue().encode()


def parquet(rows: Sequence[Row]) -> bytes:
    """Parquet, lists and objects as such. Raises UsageError where the extra is not installed."""
    try:
        import pyarrow
        from pyarrow import parquet as format
    except ImportError as error:
        raise UsageError('this needs pyarrow: pip install "policy-preview[export]"') from error
    text, words = pyarrow.string(), pyarrow.list_(pyarrow.string())

    def structs(*names: str) -> object:
        return pyarrow.list_(pyarrow.struct([(name, words if name == "outcomes" else text) for name in names]))

    types = {
        "messages": structs("role", "name", "text"),
        "further": structs("category", "topic", "risk"),
        "contested": structs("risk", "reading"),
        "expect": structs("policy", "surface", "standing", "outcomes"),
        "outcomes": structs("policy", "surface", "standing", "outcomes", "altered", "told"),
        "evidence": words,
        "hazard": pyarrow.int64(),
    }
    shape = pyarrow.schema([(name, types.get(name, text)) for name in rows[0]])
    out = io.BytesIO()
    format.write_table(pyarrow.Table.from_pylist(list(rows), shape), out, compression="zstd")
    return out.getvalue()


FORMATS: dict[str, Callable[[Sequence[Row]], bytes]] = {"jsonl": jsonl, "csv": table, "parquet": parquet}


def write_all(folder: Path, found: Mapping[str, bytes], force: bool) -> None:
    """Write the files of a folder, which is made if need be. Raises UsageError as `write`, before anything is written.

    A new folder comes into being with all of them. In one that is there, each is whole at any time.
    """
    if os.path.lexists(folder) and not folder.is_dir():
        raise UsageError(f"`{folder}` is not a folder")
    for name in found:
        _check(folder / name, force)
    with told(folder):
        if folder.is_dir():
            with alone(folder), _taken(folder):
                put_all({folder / name: data for name, data in found.items()}, over=force)
            return
        with made(folder.parent), stage(folder.parent) as hidden:
            whole = hidden / "whole"
            whole.mkdir()
            for name, data in found.items():
                fill(whole / name, data)
            with _taken(folder), placed(whole, folder):
                pass


def write(path: Path, data: bytes, force: bool) -> None:
    """Write a file whole or not at all. Raises UsageError: it exists and `force` is not given, or cannot be written."""
    _check(path, force)
    with told(path), _taken(path):
        put(path, data, over=force)


def _check(path: Path, force: bool) -> None:
    with told(path):
        there, is_file = os.path.lexists(path), path.is_file() or (path.is_symlink() and not path.exists())
    if there and not is_file:
        raise UsageError(f"`{path}` is not a file")
    if there and not force:
        raise _exists(path)


@contextmanager
def _taken(path: Path) -> Iterator[None]:
    """Tells the same as `_check` where another run was faster."""
    try:
        yield
    except FileExistsError as error:
        raise _exists(path) from error


def _exists(path: Path) -> UsageError:
    return UsageError(f"`{path}` exists already; give --force to write over it")
