#!/usr/bin/env python3
"""Fetch the browser assets of the web face into the package (developers only, needs Node's npm).

    python3 scripts/vendor.py            rewrites static/vendor/ and vendor.lock

Nothing here runs on a user's machine: the files are committed, and `vendor.lock` holds their hashes so that a test
notices any edit by hand. The pinned versions are the only thing to change for an upgrade.
"""

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import fallback_palette

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src/fangxian/faces/web/static/vendor"
LOCK = ROOT / "vendor.lock"

# package, version, licence, folder in static/vendor, {file in the package: file in the folder}
PACKAGES = (
    ("@tabler/core", "1.6.1", "MIT", "tabler", {
        "dist/css/tabler.min.css": "tabler.min.css",
        "dist/js/tabler.min.js": "tabler.min.js",
    }),
    ("@tabler/icons-webfont", "3.49.0", "MIT", "icons", {
        "dist/tabler-icons.min.css": "tabler-icons.min.css",
        "dist/fonts/tabler-icons.woff2": "fonts/tabler-icons.woff2",
        "LICENSE": "LICENSE",
    }),
    ("echarts", "6.1.0", "Apache-2.0", "echarts", {
        "dist/echarts.min.js": "echarts.min.js",
        "LICENSE": "LICENSE",
        "NOTICE": "NOTICE",
        "licenses/LICENSE-d3": "LICENSE-d3",
    }),
    ("leaflet", "1.9.4", "BSD-2-Clause", "leaflet", {
        "dist/leaflet.js": "leaflet.js",
        "dist/leaflet.css": "leaflet.css",
        "dist/images/layers.png": "images/layers.png",
        "dist/images/layers-2x.png": "images/layers-2x.png",
        "dist/images/marker-icon.png": "images/marker-icon.png",
        "dist/images/marker-icon-2x.png": "images/marker-icon-2x.png",
        "dist/images/marker-shadow.png": "images/marker-shadow.png",
        "LICENSE": "LICENSE",
    }),
    ("cytoscape", "3.34.4", "MIT", "cytoscape", {
        "dist/cytoscape.min.js": "cytoscape.min.js",
        "LICENSE": "LICENSE",
    }),
)  # fmt: skip

SOURCE_MAP = re.compile(r"\n?(//#|/\*#) sourceMappingURL=[^\s*]*( \*/)?")
OTHER_FONTS = re.compile(r',url\("[^"]*\.(?:woff|ttf)\?[^"]*"\) format\("(?:woff|truetype)"\)')


def unpack(package: str, version: str, into: Path) -> Path:
    """The unpacked folder of one pinned package."""
    done = subprocess.run(
        ["npm", "pack", "--silent", f"{package}@{version}"], cwd=into, check=True, capture_output=True, text=True
    )
    with tarfile.open(into / done.stdout.split()[-1]) as archive:
        archive.extractall(into / "unpacked", filter="data")
    return into / "unpacked" / "package"


def clean(name: str, content: bytes) -> bytes:
    """Drop what would make manifest storage look for files that are not shipped: source maps, second font formats."""
    if not name.endswith((".js", ".css")):
        return content
    text = SOURCE_MAP.sub("", content.decode("utf-8"))
    text = OTHER_FONTS.sub("", text).replace(".woff2?v3.49.0", ".woff2")
    return text.encode("utf-8")


def tabler_licence(folder: Path) -> str:
    """Tabler's package carries no licence file, only the notice at the head of its css: join it to the MIT terms."""
    notice = re.search(r"Copyright [^\n]*The Tabler Authors", (folder / "tabler.min.css").read_text("utf-8"))
    terms = (TARGET / "icons/LICENSE").read_text("utf-8").split("Permission is hereby granted", 1)[1]
    return f"MIT License\n\n{notice.group(0)}\n\nPermission is hereby granted{terms}"


def copy_package(package: str, version: str, folder: str, files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as work:
        source = unpack(package, version, Path(work))
        for inside, outside in files.items():
            target = TARGET / folder / outside
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(clean(outside, (source / inside).read_bytes()))


def derive() -> None:
    """Files made from vendored ones: Tabler's licence and its palette for browsers that know no oklch()."""
    tabler = TARGET / "tabler"
    (tabler / "LICENSE").write_text(tabler_licence(tabler), "utf-8")
    css = (tabler / "tabler.min.css").read_text("utf-8")
    (tabler / "tabler-fallback.css").write_text(fallback_palette.stylesheet(css), "utf-8")


def compress() -> None:
    """A gzip copy beside each text file, which WhiteNoise serves by itself: the css shrinks to an eighth."""
    for path in [path for path in TARGET.rglob("*") if path.suffix in {".css", ".js"}]:
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), compresslevel=9, mtime=0))


def lock_entry(package: str, version: str, licence: str, folder: str) -> dict[str, object]:
    files = sorted(path for path in (TARGET / folder).rglob("*") if path.is_file())
    hashes = {str(f.relative_to(TARGET)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}
    return {"name": package, "version": version, "licence": licence, "files": hashes}


def main() -> int:
    shutil.rmtree(TARGET, ignore_errors=True)
    for package, version, _, folder, files in PACKAGES:
        copy_package(package, version, folder, files)
    derive()
    compress()
    entries = [lock_entry(package, version, licence, folder) for package, version, licence, folder, _ in PACKAGES]
    LOCK.write_text(json.dumps(entries, indent=2, ensure_ascii=False) + "\n", "utf-8")
    sys.stdout.write(f"{sum(len(e['files']) for e in entries)} files in {TARGET.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
