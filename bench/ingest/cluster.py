"""PostgreSQL in a throw-away cluster with the durability of production: fsync, full pages, synchronous commit."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

SERVER = "-c listen_addresses= -c shared_buffers=512MB -c max_wal_size=4GB -c synchronous_commit=on -c fsync=on"


def home() -> Path | None:
    """Where the server's programs are, or None."""
    found = shutil.which("initdb")
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return Path(found).parent if found else versions[-1].parent if versions else None


@contextmanager
def running(programs: Path) -> Iterator[tuple[str, str, int]]:
    """(URL, DSN, process id of the server) of an empty database."""
    folder = Path(tempfile.mkdtemp(prefix="fangxian-bench-pg-"))
    owner = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    shutil.chown(folder, owner)
    data = str(folder / "data")
    user = owner if os.geteuid() == 0 else None

    def run(*command: str) -> None:
        subprocess.run(command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)

    control = (str(programs / "pg_ctl"), "-D", data, "-w", "-l", str(folder / "log"))
    try:
        run(str(programs / "initdb"), "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        run(*control, "-o", f"{SERVER} -k {folder}", "start")
        pid = int((folder / "data" / "postmaster.pid").read_text().split()[0])
        url = f"postgres://bench@{quote(str(folder), safe='')}/postgres"
        yield url, f"host={folder} user=bench dbname=postgres", pid
        run(*control, "-m", "fast", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
