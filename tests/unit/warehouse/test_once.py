"""A writing thread is begun once: two of one door would hold each other up, and one would never be ended."""

import threading
import time

from fangxian.warehouse.visits.once import Once


def test_threads_that_ask_at_once_get_the_same():
    made, ended = [], []

    def slowly():
        time.sleep(0.02)
        made.append(object())
        return made[-1]

    thing = Once(slowly, ended.append)
    got = []
    threads = [threading.Thread(target=lambda: got.append(thing())) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1 and got == made * 8
    thing.close()
    thing.close()
    assert ended == made and thing() is not got[0] and len(made) == 2
