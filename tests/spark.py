"""A local Spark for the whole run, made when the first test asks; skips with a reason without PySpark or Java."""

import os
import shutil
import sys
from functools import cache
from pathlib import Path

import pytest

from fangxian.engines.tracing.choice import installed
from fangxian.engines.tracing.on_spark import Spark

os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # read when the first context starts; workers need our packages
CONF = Path(__file__).parent / "spark_conf"
QUICK_START = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"
"""For virtual machines that live a minute: no thorough compilation of what they run."""
SMALL = {
    "spark.driver.extraJavaOptions": QUICK_START,
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
}
"""For tables of a few rows: one partition, and no code compiled a query (tests/integration runs Spark as it comes)."""


def need_spark() -> None:
    """Skip the calling test where Spark cannot run."""
    if not installed("pyspark"):
        pytest.skip("PySpark is not installed")
    if not shutil.which("java"):
        pytest.skip("Java is not installed (Debian: openjdk-17-jre-headless)")


@cache
def local_spark() -> Spark:
    """Spark in this process, quiet and on loopback only."""
    need_spark()
    os.environ.update(SPARK_LOCAL_IP="127.0.0.1", SPARK_CONF_DIR=str(CONF))
    return Spark.at("local[2]", SMALL)
