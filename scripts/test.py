"""The whole suite: SQLite with the coverage gate; beside it PostgreSQL, the browser and lint.

Installs what it may (root on Debian: Chromium, a Chinese font, PostgreSQL, strace, Java) or names what it skips.
With CI set, a skipped part or test is a failure.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CI = bool(os.environ.get("CI"))
PACKAGES = {
    "chromium": lambda: shutil.which("chromium") or shutil.which("chromium-headless-shell"),
    "fonts-noto-cjk": lambda: any(Path("/usr/share/fonts").rglob("*CJK*")),
    "postgresql": lambda: any(Path("/usr/lib/postgresql").glob("*/bin/initdb")),
    "strace": lambda: shutil.which("strace"),
    "openjdk-17-jre-headless": lambda: shutil.which("java"),
}
PARTS = ("test-stories", "test-postgres", "test-walk", "test-rest", "test-browser", "test-layers", "lint")
"""The longest first, two at a time: three took longer. Layers, walk, stories and rest are the suite on SQLite."""
COMPILED_ONCE = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Hundreds of processes are started; each would compile all sources again where a machine forbids to keep them."""
SUMMARY = re.compile(r"(\d+) (passed|failed|skipped|errors?)\b")


def install_missing() -> None:
    """Debian packages the full suite needs, when root and apt are there; else say what will be skipped."""
    missing = [name for name, present in PACKAGES.items() if not present()]
    if not missing:
        return
    if os.getuid() != 0 or not shutil.which("apt-get"):
        print(f"Not installed, so the tests that need them are skipped: {', '.join(missing)}")
        return
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run(["apt-get", "-qq", "update"], check=False, **quiet)
    subprocess.run(["apt-get", "-qq", "install", "-y", "--no-install-recommends", *missing], check=True, **quiet)


def run(part: str) -> tuple[str, int, dict[str, int]]:
    """One part, shown as it runs under its name; its exit code and what its tests came to."""
    print(f"── {part}", flush=True)
    counts: dict[str, int] = {}
    started = time.monotonic()
    command, shown = ["make", "--no-print-directory", part], {"stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=COMPILED_ONCE, **shown) as process:
        for line in process.stdout or ():
            print(f"{part.removeprefix('test-'):<8} {line}", end="", flush=True)
            if " in " in line and (found := SUMMARY.findall(line)):
                counts = {word.rstrip("s") if word.startswith("error") else word: int(n) for n, word in found}
    print(f"── {part}: {time.monotonic() - started:.0f} s", flush=True)
    return part, process.returncode, counts


def run_all() -> list[tuple[str, int, dict[str, int]]]:
    """Every part."""
    with ThreadPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool:
        return list(pool.map(run, PARTS))


def main() -> int:
    """All parts; the closing line adds them up."""
    install_missing()
    total = {"passed": 0, "failed": 0, "skipped": 0, "error": 0}
    broken = []
    for part, code, counts in run_all():
        for word, number in counts.items():
            total[word] = total.get(word, 0) + number
        if code or (CI and counts.get("skipped")):
            broken.append(part)
    if broken:
        print(f"Not green: {', '.join(broken)}{' (skips count as failures here)' if CI and total['skipped'] else ''}")
    print(f"{total['passed']} passed, {total['failed'] + total['error']} failed, {total['skipped']} skipped")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
