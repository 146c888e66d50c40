"""`fangxian serve` and `fangxian worker`: pages, interface, scans and long work, in one process on one port."""

import os
import socket
from typing import Annotated

import typer

from fangxian.faces.cli import environment, output
from fangxian.faces.cli.environment import DEFAULT, Data, Keys
from fangxian.faces.cli.output import Json, Problem

Port = Annotated[int, typer.Option(help="Port.", min=1, max=65535)]
Address = Annotated[str, typer.Option("--address", help="Address to listen on.")]
Proxy = Annotated[bool, typer.Option("--behind-proxy", help="A proxy with TLS stands before it; other addresses then.")]
LOCAL = ("127.0.0.1", "::1", "localhost")


def register(commands: typer.Typer) -> None:
    """Add the verbs."""
    commands.command("serve")(serve)
    commands.command("worker")(worker)


def serve(
    data: Data = DEFAULT,
    keys: Keys = None,
    port: Port = 8000,
    address: Address = "127.0.0.1",
    behind_proxy: Proxy = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing.")] = False,
) -> None:
    """Serve until interrupted."""
    free(address, port, behind_proxy)
    environment.open_data(data, keys)
    up_to_date()
    environment.resume_clock(data)
    if not quiet:
        output.say(f"Fangxian serves {url(address, port)}  (Ctrl-C ends it)")
    run(address, port, behind_proxy)


def worker(data: Data = DEFAULT, keys: Keys = None, once: bool = False, json: Json = False) -> None:
    """Do waiting work: beside a server on PostgreSQL, or once by hand (`--once`)."""
    environment.open_data(data, keys)
    from fangxian.faces.cli import housekeeping

    if once:
        done = housekeeping.once()
        output.document(done) if json else output.facts(done)
        return
    output.say("Working (Ctrl-C ends it)")
    housekeeping.Worker().run()


def free(address: str, port: int, behind_proxy: bool = False) -> None:
    """Refuse addresses that others reach without TLS, and a port that is taken."""
    if address not in LOCAL and not behind_proxy:
        raise Problem(f"{address} can be reached by others without encryption. Put a TLS proxy before it and say so "
                      "with --behind-proxy, or listen on 127.0.0.1.")  # fmt: skip
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise Problem(
                f"Port {port} on {address} cannot be used ({error.strerror}): choose another with --port."
            ) from error


def up_to_date() -> None:
    """Refuse to serve on tables of an older version."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Problem("The tables are of an older version. Bring them up to date: fangxian init", 3)
    connection.close()


def url(address: str, port: int) -> str:
    """What to open in the browser."""
    return f"http://{f'[{address}]' if ':' in address else address}:{port}/"


def run(address: str, port: int, behind_proxy: bool = False) -> None:
    """One worker process; the thread that does long work runs beside the pages in it."""
    from granian import Granian
    from granian.constants import Interfaces

    os.environ["FANGXIAN_WORKER"] = "1"
    if behind_proxy:
        os.environ.setdefault("FANGXIAN_HTTPS", "1")
    Granian(
        "fangxian.config.asgi:application",
        address=address,
        port=port,
        interface=Interfaces.ASGI,
        workers=1,
        websockets=False,
        log_level="warning",
        workers_kill_timeout=10,
    ).serve()
