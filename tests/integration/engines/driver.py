"""A Spark driver in a process of its own: traces a folder of sealed days twice and says how far it is, line by line.

    python -m tests.integration.engines.driver MASTER FOLDER

Every line is JSON: `{"event": "tasks", "run": 2, "done": 3, "active": 2}` while it runs, `{"event": "answer", …}` at
the end of each run, with the executors the application has had so far.
"""

import json
import sys
import threading
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from fangxian.engines.tracing import VisitStore, checksum, trace
from fangxian.engines.tracing.on_spark import Spark
from tests.spark import QUICK_START

SETTINGS = {
    "spark.executor.memory": "500m",
    "spark.executor.extraJavaOptions": QUICK_START,
    "spark.driver.extraJavaOptions": QUICK_START,
    "spark.sql.shuffle.partitions": "4",
    "spark.sql.files.openCostInBytes": "128m",  # a file a task: there are some to be lost
}


def say(**facts: Any) -> None:
    """One line of JSON."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def executors(context: Any) -> list[dict[str, Any]]:
    """Every executor the application has had, lost ones included; the driver is none."""
    listed = context._jsc.sc().statusStore().executorList(False)
    every = [listed.apply(number) for number in range(listed.size())]
    return [{"id": one.id(), "alive": one.isActive()} for one in every if one.id() != "driver"]


def watch(context: Any, run: int, finished: threading.Event) -> None:
    """Say how many tasks are done and running, until the run is finished."""
    status = context.statusTracker()
    while not finished.wait(0.05):
        stages = [status.getStageInfo(stage) for stage in status.getActiveStageIds()]
        known = [stage for stage in stages if stage is not None]
        done, active = sum(one.numCompletedTasks for one in known), sum(one.numActiveTasks for one in known)
        say(event="tasks", run=run, done=done, active=active)


def main(master: str, folder: Path) -> None:
    spark = Spark.at(master, SETTINGS)
    files = {order: sorted(folder.glob(f"*-{order}.parquet")) for order in ("person", "place")}
    store = VisitStore(by_person=files["person"], by_place=files["place"])
    cases = pq.read_table(folder / "cases.parquet")
    for run in (1, 2):
        finished = threading.Event()
        watcher = threading.Thread(target=watch, args=(spark.session.sparkContext, run, finished))
        watcher.start()
        found = trace(store, cases, engine=spark)
        finished.set()
        watcher.join()
        context = spark.session.sparkContext
        say(event="answer", run=run, rows=found.num_rows, checksum=checksum(found), executors=executors(context))
    spark.session.stop()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
