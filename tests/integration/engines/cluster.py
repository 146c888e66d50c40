"""A Spark cluster on loopback from the PyPI package: a master and workers as processes of their own."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.spark import CONF, QUICK_START

MASTER = "org.apache.spark.deploy.master.Master"
WORKER = "org.apache.spark.deploy.worker.Worker"
PATIENCE = 120


@dataclass(frozen=True)
class Cluster:
    """url: what a driver connects to. page: the master's web address. workers: their process ids."""

    url: str
    page: str
    workers: list[int]

    def state(self) -> dict[str, Any]:
        """What the master says of its workers and applications."""
        with urllib.request.urlopen(f"{self.page}/json/", timeout=10) as answer:
            return json.load(answer)

    def executors(self) -> list[int]:
        """Process ids of the executors that the workers have started; a worker has other children, too."""
        return [pid for worker in self.workers for pid in _children(worker) if _is_executor(pid)]

    def wait_for_workers(self) -> None:
        """Until all have reported to the master."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                if self.state()["aliveworkers"] == len(self.workers):
                    return
            except OSError:
                pass
            time.sleep(0.2)
        raise TimeoutError("the workers did not report to the master")


@contextmanager
def running(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """A cluster with its files and logs in `folder`; all its processes are gone afterwards."""
    port, page = free_port(), free_port()
    url = f"spark://127.0.0.1:{port}"
    with ExitStack() as stack:
        here = ["--host", "127.0.0.1"]
        stack.enter_context(_daemon(folder, "master", MASTER, *here, "--port", str(port), "--webui-port", str(page)))
        started = [
            stack.enter_context(_daemon(folder, f"worker{number}", WORKER, *here, *_share(folder, number), url))
            for number in range(workers)
        ]
        cluster = Cluster(url, f"http://127.0.0.1:{page}", [process.pid for process in started])
        cluster.wait_for_workers()
        yield cluster


def environment() -> dict[str, str]:
    """For every process of Spark: loopback only, quiet, small."""
    return {
        **os.environ,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_CONF_DIR": str(CONF),
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_DAEMON_JAVA_OPTS": QUICK_START,
    }


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as some:
        some.bind(("127.0.0.1", 0))
        return some.getsockname()[1]


def _share(folder: Path, number: int) -> list[str]:
    return ["--cores", "1", "--memory", "700m", "--webui-port", "0", "--work-dir", str(folder / f"work{number}")]


@contextmanager
def _daemon(folder: Path, name: str, kind: str, *arguments: str) -> Iterator[subprocess.Popen]:
    import pyspark

    command = [str(Path(pyspark.__file__).parent / "bin" / "spark-class"), kind, *arguments]
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=environment())
    try:
        yield process
    finally:
        executors = _children(process.pid)
        process.terminate()
        process.wait(30)
        for pid in executors:
            _end(pid)


def _end(pid: int) -> None:
    """An executor ends when its worker does; one that is stuck is ended."""
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def _is_executor(pid: int) -> bool:
    return b"--executor-id" in Path(f"/proc/{pid}/cmdline").read_bytes()


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(child) for child in task.read_text().split()]
    return found
