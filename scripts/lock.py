"""Pin every dependency by hash, for installing (requirements.lock) and for working on it (requirements-dev.lock)."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMON = ["--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-header", "--quiet"]
FIRST = ("uv==", "setuptools==")
LOCKS = {
    "requirements.lock": ["--group", "build"],
    "requirements-dev.lock": ["--group", "build", "--group", "dev", "--all-extras"],
}


def compile_lock(source: str, target: str, extra: list[str], text: str | None = None) -> None:
    """Resolve one lock file."""
    command = [str(Path(sys.executable).parent / "uv"), "pip", "compile", source, *extra, *COMMON, "-o", target]
    subprocess.run(command, cwd=ROOT, check=True, input=text, text=True)


for name, groups in LOCKS.items():
    compile_lock("pyproject.toml", name, groups)
# what the other locks are installed with: uv, and setuptools for the one package that comes as source
first = [line.split()[0] for line in (ROOT / "requirements.lock").read_text().splitlines() if line.startswith(FIRST)]
compile_lock("-", "requirements-uv.lock", ["--no-annotate"], text="\n".join(first))
