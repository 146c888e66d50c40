"""A visit log on a real folder, and the real ingest server on a free loopback port."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from fangxian.faces.cli.checks.powercut_server import FOLDER, SYNCHRONOUS, open_log


@contextmanager
def running(data):
    """granian with the ingest handler over the log below `data`; (process, port)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "fangxian.faces.cli.checks.powercut_server", str(port)]
    known = {FOLDER: str(data), SYNCHRONOUS: "FULL"}
    with subprocess.Popen(command, env={**os.environ, **known}, start_new_session=True) as process:
        try:
            _wait_for(port)
            yield process, port
        finally:
            if process.poll() is None:
                process.terminate()


def _wait_for(port):
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("the ingest server did not start")


@pytest.fixture(scope="session")
def serve():
    """The context manager that runs a server."""
    return running


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A data folder of the module."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def token(data):
    """A device's token in that folder."""
    log = open_log(data)
    issued = log.devices.issue("gate", area="410883001")
    log.close()
    return issued


@pytest.fixture(scope="module")
def port(data, token, serve):
    """The port of the module's server."""
    with serve(data) as (_, number):
        yield number
