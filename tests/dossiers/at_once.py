"""Several people at the same moment: real threads, each with a connection of its own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection


def at_once(*acts: Callable[[], Any]) -> list[BaseException]:
    """Do the acts at the same time; what was raised."""
    begin = threading.Barrier(len(acts))
    raised: list[BaseException] = []

    def run(act: Callable[[], Any]) -> None:
        try:
            begin.wait()
            act()
        except BaseException as error:  # told to the test, which runs in another thread
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised
