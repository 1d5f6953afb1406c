"""The bytes of a file: what it is, how it is packed, in which encoding its text stands."""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from sightline.language.errors import Invalid, NotFound

CHUNK = 1 << 20
LOOK = 64 * CHUNK
"""How much of the text is read to find its encoding: the first accent may stand far from the head."""

FOREIGN = 0.25
"""Share of bytes beyond ASCII from which a text is not in a Latin script (French has 4 %, Russian 80 %)."""

MAGIC = (
    (b"\x1f\x8b", "gzip"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"BZh", "bzip2"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PK\x03\x04", "zip"),
)
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
PARQUET = b"PAR1"

NO_TABLES = (
    (b"\x89png\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"gif87a", "a GIF image"),
    (b"gif89a", "a GIF image"),
    (b"%pdf-", "a PDF document"),
    (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"<?xml", "an XML document"),
    (b"sqlite format 3\0", "an SQLite database"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"rar!\x1a\x07", "a RAR archive"),
    (b"mz\x90\0", "a program"),
    (b"\x7felf", "a program"),
)
"""How files begin that are often called tables, in small letters. PDF and web pages are text as far as one sees."""


def locate(path: Path) -> tuple[Path, str | None]:
    """The file on disk, and the member within when the path goes on behind a zip file (`all.zip/2024.csv`).

    Raises NotFound when there is none, Invalid when it is a folder.
    """
    if path.is_dir():
        raise Invalid(f"'{path}' is a folder.", hint="Name one file; import the files of a folder one by one.")
    if path.is_file():
        return path, None
    for parent in path.parents:
        if parent.is_file():
            return parent, path.relative_to(parent).as_posix()
    raise NotFound(f"There is no file '{path}'.", hint="Check the path, or give it in full.")


def packed(path: Path) -> str | None:
    """How a file is compressed, by its first bytes; None for none."""
    with path.open("rb") as stream:
        head = stream.read(8)
    return next((name for magic, name in MAGIC if head.startswith(magic)), None)


def no_table(head: bytes) -> str | None:
    """What a file that begins so is, where it is known to be no table."""
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()[:64].lower()
    return next((what for magic, what in NO_TABLES if start.startswith(magic)), None)


def open_bytes(path: Path, compression: str | None, member: str | None) -> IO[bytes]:
    """The unpacked bytes, read as a stream. Raises Invalid for an archive without a clear member, or a workbook."""
    if compression == "gzip":
        return cast("IO[bytes]", gzip.open(path, "rb"))
    if compression == "xz":
        return cast("IO[bytes]", lzma.open(path, "rb"))
    if compression == "bzip2":
        return cast("IO[bytes]", bz2.open(path, "rb"))
    if compression == "zip":
        return _open_zip(path, member)
    if compression == "zstd":
        import pyarrow as pa

        return io.BufferedReader(cast("io.RawIOBase", pa.CompressedInputStream(pa.OSFile(str(path)), "zstd")))
    return path.open("rb")


def _open_zip(path: Path, member: str | None) -> IO[bytes]:
    archive = zipfile.ZipFile(path)
    names = [
        n for n in archive.namelist() if not n.endswith("/") and "__MACOSX" not in n and not n.endswith(".DS_Store")
    ]
    if "xl/workbook.xml" in names:
        raise Invalid(
            f"'{path.name}' is an Excel workbook.", hint="Save the sheet as CSV (UTF-8) and import that file."
        )
    if member is None and len(names) != 1:
        shown = ", ".join(names[:6]) + (" ..." if len(names) > 6 else "")
        raise Invalid(
            f"'{path.name}' holds {len(names)} files: {shown or 'none'}.",
            hint=f"Name one of them behind the archive: {path}/{names[0]}" if names else "Pack one file.",
        )
    wanted = member or names[0]
    if wanted not in names:
        raise NotFound.named(f"file in '{path.name}'", wanted, names)
    return archive.open(wanted)


@contextmanager
def whole(path: Path) -> Iterator[None]:
    """Raises Invalid where the packed bytes break off or are damaged."""
    try:
        yield
    except (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, OSError) as error:
        raise Invalid(
            f"'{path.name}' is damaged or was cut short: {error}.", hint="Copy or export it again, then import it anew."
        ) from None


def encoding_of(stream: IO[bytes]) -> str:
    """The encoding of a text, from its mark, else from the lines beyond ASCII in its first LOOK bytes.

    UTF-8 wins when more of those lines follow it than break it: then a broken line is a broken row, not another
    encoding. Otherwise a Latin script is cp1252, what browsers and Excel write; other scripts are told by letters.
    """
    head = stream.read(CHUNK)
    marked = next((name for bom, name in BOMS if head.startswith(bom)), None)
    if marked:
        return marked
    wide = _wide(head)
    return wide or _of_lines(_accented(head, stream))


def _wide(head: bytes) -> str | None:
    # Text without a mark but with every second byte zero can only be UTF-16.
    sample = head[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if len(sample) < 4 or max(even, odd) < len(sample) * 0.3 or min(even, odd) > len(sample) * 0.05:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _accented(head: bytes, stream: IO[bytes]) -> Iterator[bytes]:
    done, chunk = 0, head
    while chunk and done < LOOK:
        if not chunk.isascii():
            chunk += stream.readline(CHUNK)
            yield from (line for line in chunk.splitlines() if not line.isascii())
        done += len(chunk)
        chunk = stream.read(CHUNK)


def _of_lines(lines: Iterator[bytes]) -> str:
    good = bad = 0
    sample: list[bytes] = []
    for line in lines:
        if _decodes(line, "utf-8"):
            good += 1
        else:
            bad += 1
            if len(sample) < 500:
                sample.append(line[:2000])
    if good >= bad:
        return "utf-8"
    text = b"\n".join(sample)
    if sum(byte > 127 for byte in text) > FOREIGN * len(text):
        return _foreign(text)
    legacy = sum(_decodes(line, "cp1252") for line in sample)
    return "cp1252" if legacy > len(sample) / 2 else "utf-8"


def _foreign(text: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(text).best()
    return best.encoding if best else "cp1252"


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
