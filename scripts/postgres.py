"""Run a command with DATABASE_URL naming a throw-away PostgreSQL that ends with it.

    python scripts/postgres.py pytest -q

The server listens on a socket in a temporary folder only. PostgreSQL refuses to run as root, so root hands it to the
account `postgres` that the package brings. Exits 77 when no PostgreSQL is installed.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

NOT_INSTALLED = 77
ENCODING = ["-E", "UTF8", "--locale=C.UTF-8"]
SERVER = ["-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=50"]


def programs() -> Path | None:
    """The folder with initdb and pg_ctl, wherever the system keeps it."""
    found = shutil.which("initdb")
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return Path(found).parent if found else versions[-1].parent if versions else None


def as_server(command: list[str]) -> list[str]:
    """The command, run by an account that PostgreSQL accepts."""
    return (
        ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command] if os.getuid() == 0 else command
    )


def main(command: list[str]) -> int:
    """Start, run, stop."""
    home = programs()
    if home is None:
        print("PostgreSQL is not installed (Debian: apt-get install postgresql).", file=sys.stderr)
        return NOT_INSTALLED
    folder = Path(tempfile.mkdtemp(prefix="fangxian-pg-", dir="/tmp"))
    if os.getuid() == 0:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    data = folder / "data"
    control = as_server([str(home / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")])
    try:
        init = [
            str(home / "initdb"),
            "-D",
            str(data),
            "-U",
            "fangxian",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]
        subprocess.run(as_server(init), check=True, stdout=subprocess.DEVNULL)
        options = " ".join([*SERVER, "-k", str(folder)])
        subprocess.run([*control, "-o", options, "start"], check=True, stdout=subprocess.DEVNULL)
        url = f"postgres://fangxian@/postgres?host={folder}"
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}).returncode
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
