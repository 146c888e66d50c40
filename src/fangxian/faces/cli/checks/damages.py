"""Ways to damage the files of a visit log, each of which leaves other bytes than before."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

Files = list[Path]


def derived(data: Path) -> Path:
    """The folder of what is derived."""
    return data / "visits" / "fast"


def derived_damage(data: Path, old: Path, dice: random.Random) -> str:
    """Damage what is derived below a folder, of which `old` is an older copy; what was done."""
    kinds: dict[str, Callable[[Path], None]] = {
        **{kind: lambda folder, act=act: act(dice.choice(_files(folder)), dice) for kind, act in TO_A_FILE.items()},
        "exchange two files": lambda folder: _exchange(*dice.sample(_files(folder), 2)),
        "exchange two segments": lambda folder: _exchange(*dice.sample(sorted(folder.iterdir()), 2)),
        "exchange a file of two segments": lambda folder: _exchange_alike(folder, dice),
        "delete a segment": lambda folder: shutil.rmtree(dice.choice(sorted(folder.iterdir()))),
        "delete everything": shutil.rmtree,
        "an older file": lambda folder: _older(folder, dice.choice(_files(old)).relative_to(old), old),
        "an older segment": lambda folder: _older(folder, Path(dice.choice(sorted(old.iterdir())).name), old),
        "an older copy of everything": lambda folder: _older(folder, Path(), old),
    }
    return _done(derived(data), kinds, dice)


def record_damage(data: Path, dice: random.Random) -> str:
    """Damage a sealed day or the manifest; what was done."""
    files = [*_files(data / "visits" / "sealed"), data / "visits" / "manifest.json"]
    kinds = {kind: lambda _, act=act: act(dice.choice(files), dice) for kind, act in TO_A_FILE.items()}
    if dice.random() < 0.5:  # a missing manifest is a new log; so only sealed days are deleted
        files.pop()
    else:
        del kinds["delete"]
    return _done(data / "visits", kinds, dice)


def _done(folder: Path, kinds: dict[str, Callable[[Path], None]], dice: random.Random) -> str:
    """Do one of them; another when it happened to change nothing."""
    before = digest(folder)
    while True:
        kind = dice.choice(list(kinds))
        kinds[kind](folder)
        if digest(folder) != before:
            return kind


def digest(folder: Path) -> str:
    """One number for the names and bytes of all files."""
    found = hashlib.blake2b()
    for path in _files(folder):
        content = path.read_bytes()
        found.update(f"{path.relative_to(folder)} {len(content)} ".encode() + content)
    return found.hexdigest()


def _files(folder: Path) -> Files:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _truncate(path: Path, dice: random.Random) -> None:
    os.truncate(path, dice.randrange(max(path.stat().st_size, 1)))


def _flip(path: Path, dice: random.Random) -> None:
    content = bytearray(path.read_bytes())
    for _ in range(dice.choice((1, 1, 8)) if content else 0):
        content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
    path.write_bytes(content)


def _zero(path: Path, dice: random.Random) -> None:
    content = bytearray(path.read_bytes())
    start = dice.randrange(max(len(content), 1))
    end = min(len(content), start + dice.choice((4, 512, 4096)))
    path.write_bytes(content[:start] + bytes(end - start) + content[end:])


def _lengthen(path: Path, dice: random.Random) -> None:
    with path.open("ab") as file:
        file.write(dice.randbytes(dice.choice((1, 4, 4096))))


def _delete(path: Path, _: random.Random) -> None:
    path.unlink()


TO_A_FILE = {"truncate": _truncate, "flip": _flip, "zero": _zero, "lengthen": _lengthen, "delete": _delete}


def _exchange(one: Path, other: Path) -> None:
    aside = one.with_name("aside")
    one.rename(aside)
    other.rename(one)
    aside.rename(other)


def _exchange_alike(folder: Path, dice: random.Random) -> None:
    """The same column of two segments."""
    first, second = dice.sample(sorted(folder.iterdir()), 2)
    file = dice.choice(_files(first)).name
    if (second / file).exists():
        _exchange(first / file, second / file)


def _older(folder: Path, file: Path, old: Path) -> None:
    target = folder / file
    if target.is_dir():
        shutil.rmtree(target)
    else:
        target.unlink(missing_ok=True)
    if (old / file).is_dir():
        shutil.copytree(old / file, target)
    elif target.parent.is_dir():
        shutil.copy2(old / file, target)
