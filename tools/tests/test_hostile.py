"""What somebody could put where a file or a folder is looked for; each is answered soon, in little room."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from trials import EVIDENCE, LINUX, MIB, TEMPLATE, Answer, put, started, trial  # beside this file

pytestmark = LINUX
root = pytest.fixture(started)


# --- things that are no files ----------------------------------------------------------------------------------------


def a_socket(path: Path) -> None:
    before = Path.cwd()
    os.chdir(path.parent)  # the path of a socket may have about a hundred characters
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(before)


def a_loop(path: Path) -> None:
    path.symlink_to("round.yaml")
    path.with_name("round.yaml").symlink_to(path.name)


def a_linked_folder(path: Path) -> None:
    path.symlink_to(path.parent, target_is_directory=True)


def a_sparse_file(path: Path) -> None:
    path.write_bytes(b"schema: evidence/1\n")
    try:
        os.truncate(path, 1 << 40)
    except OSError:
        pytest.skip("no sparse files here")


def a_large_file(path: Path) -> None:
    with path.open("wb") as file:
        for _ in range(60):
            file.write(b"a: 1\n" * (MIB // 5))


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (os.mkfifo, ["x.yaml:1:1 PP001"]),
        (a_socket, ["x.yaml:1:1 PP001"]),
        (Path.mkdir, ["x.yaml:1:1 PP001"]),
        (a_linked_folder, ["x.yaml:1:1 PP001"]),
        (lambda path: path.symlink_to("/dev/zero"), ["x.yaml:1:1 PP001"]),
        (lambda path: path.symlink_to("/dev/stdin"), ["x.yaml:1:1 PP00"]),
        (lambda path: path.symlink_to("nowhere"), ["x.yaml:1:1 PP002"]),
        (lambda path: path.symlink_to(path.name), ["x.yaml:1:1 PP002"]),
        (lambda path: path.symlink_to("x" * 250), ["x.yaml:1:1 PP002"]),
        (lambda path: path.symlink_to("/proc/self/mem"), ["x.yaml:1:1 PP001"]),
        (lambda path: path.symlink_to("/etc/hostname"), ["x.yaml:1:1 PP001"]),  # what it holds is nobody's business
        (a_loop, ["round.yaml:1:1 PP002", "x.yaml:1:1 PP002"]),
        (a_sparse_file, ["x.yaml:1:1 PP003"]),
        (a_large_file, ["x.yaml:1:1 PP003"]),
    ],
)
def test_no_file_to_read(make: Callable[[Path], object], found: list[str], root: Path) -> None:
    make(root / "spec" / "evidence" / "x.yaml")
    answer = trial(root)
    assert len(answer.found) == len(found)
    assert all(line.startswith(f"spec/evidence/{wanted}") for line, wanted in zip(answer.found, found, strict=True))


@pytest.mark.parametrize("inside", [True, False], ids=["of the workspace", "outside"])
def test_linked_folders_are_not_entered(inside: bool, root: Path, tmp_path: Path) -> None:
    target = root / "spec" if inside else tmp_path / "other"
    target.mkdir(exist_ok=True)
    (tmp_path / "w" / "cases" / "more").symlink_to(target, target_is_directory=True)
    (target / "x.yaml").write_text("a: b: c")
    assert "cases/more:1:1 PP001" in trial(root).found
    assert not any(line.startswith("cases/more/") for line in trial(root).found)


NAMES = [
    b"\x1b[2J\x1b]0;owned\x07.yaml", b"a\nb: c.yaml", b"a\r.yaml", b"\xff\xfe.yaml", "\u202elmay.yaml".encode(),
    b"\xed\xa0\x80.yaml", "\U000e0041.yaml".encode(), b" .yaml", b"`.yaml", b"-x.yaml", b"x.YAML", b"x.yml",
    b"%s{0}.yaml", "日本.yaml".encode(), b"x" * 250 + b".yaml",
]  # fmt: skip


@pytest.mark.parametrize("folder", [False, True], ids=["files", "folders"])
def test_names(folder: bool, root: Path) -> None:
    made = 0
    for name in NAMES:
        path = os.fsencode(root / "spec" / "evidence") + b"/" + name
        try:
            if folder:
                os.mkdir(path)  # noqa: PTH102  # a Path holds no bytes
                path += b"/x.yaml"
            with open(path, "wb") as file:  # noqa: PTH123  # a Path holds no bytes
                file.write(b"a: b: c\n")
            made += 1
        except OSError:
            pass  # not every file system takes every name
    answer = trial(root)
    assert [line.split(" ")[-1] for line in answer.found].count("PP009") == made
    assert answer.codes == ({"PP001", "PP009"} if folder else {"PP009"})
    assert len(answer.found) == made * (1 + folder)


BYTES = [
    (b"", "PP007"),
    (b"\xef\xbb\xbf", "PP005"),
    (b"\xef\xbb\xbf" + EVIDENCE.encode(), "PP005"),
    (EVIDENCE.encode("utf-16"), "PP004"),
    (EVIDENCE.encode("utf-16-le"), "PP005"),
    (EVIDENCE.encode("utf-32"), "PP004"),
    (EVIDENCE.encode() + b"\x00", "PP005"),
    (EVIDENCE.encode() + b"note: \x1b[31m\n", "PP005"),
    (EVIDENCE.replace("title: t", 'title: "\\e[31m"').encode(), "PP005"),
    (EVIDENCE.replace("title: t", 't\u0430tle\U000f0000`"\\: [x]').encode(), "PP"),
    ((EVIDENCE + 'questions: [{id: "\\"`\\t\\n\\\\\\U000F0000", question: q, checked: c}]\n').encode(), "PP108"),
    ((EVIDENCE + '"\\n\\n\\t\\r `": 1\n').encode(), "PP101"),
    (EVIDENCE.replace("/1", '/1\\n"').replace(" ev", ' "ev').encode(), "PP110"),
    (b"\x80" * 1000, "PP004"),
    (b"%PDF-1.7\n\xff", "PP004"),
    (b"\x1f\x8b\x08\x00", "PP004"),
    (b"PK\x03\x04", "PP005"),
]


def test_bytes(root: Path) -> None:
    for number, (raw, _) in enumerate(BYTES):
        put(root, f"spec/evidence/x{number:02}.yaml", raw)
    found = trial(root).found
    for number, (_, code) in enumerate(BYTES):
        codes = {line.split(" ")[1] for line in found if line.startswith(f"spec/evidence/x{number:02}.yaml")}
        assert codes, number
        assert all(each.startswith(code) for each in codes), (number, codes)


# --- folders ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gone", [["spec"], ["cases"], ["spec", "cases"]], ids="+".join)
@pytest.mark.parametrize("empty", [True, False], ids=["empty", "missing"])
def test_missing_folders(gone: list[str], empty: bool, root: Path) -> None:
    """Nothing raises; that a run with nothing to check is no success is for the command line to say."""
    for name in gone:
        shutil.rmtree(root / name)
        if empty:
            (root / name).mkdir()
    trial(root)


@pytest.mark.parametrize("name", ["spec", "cases"])
def test_a_file_for_a_folder(name: str, root: Path) -> None:
    shutil.rmtree(root / name)
    (root / name).write_text("a: 1\n")
    trial(root)


@pytest.fixture
def open_root() -> Iterator[Path]:
    """A workspace below a folder that everybody may enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        shutil.copytree(TEMPLATE, Path(folder) / "w")
        yield Path(folder) / "w"
        for path in [Path(folder), *Path(folder).rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755)


def unreadable(root: Path) -> Answer:
    """As somebody who may not read everything: root reads all, so the trial gives up being root."""
    if os.geteuid() != 0:
        return trial(root)
    answer = trial(root, "nobody")
    if any("No module" in message for message in answer.messages):
        pytest.skip("the installation cannot be read by others")
    return answer


def test_a_file_that_may_not_be_read(open_root: Path) -> None:
    (open_root / "cases" / "cyber" / "shop-sign-in.yaml").chmod(0)
    answer = unreadable(open_root)
    assert answer.found == ["cases/cyber/shop-sign-in.yaml:1:1 PP002"]
    assert answer.messages == ["cannot be read: Permission denied"]


def test_a_folder_that_may_not_be_listed(open_root: Path) -> None:
    (open_root / "cases" / "cyber").chmod(0)
    assert unreadable(open_root).codes == {"PP002"}


def test_folders_in_folders(root: Path) -> None:
    before = Path.cwd()
    os.chdir(root / "cases")
    try:
        for _ in range(1500):
            Path("d").mkdir()
            os.chdir("d")
        Path("x.yaml").write_text("a: b: c\n")
        os.chdir(before)
        assert trial(root).codes == {"PP009"}
    finally:  # pytest clears its folders by recursion
        os.chdir(before)
        subprocess.run(["rm", "-rf", str(root / "cases" / "d")], check=True)  # noqa: S607  # the one on the path
