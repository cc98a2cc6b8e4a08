"""How the desk is served: two processes share the loaded program, so that slips being printed
in one thread do not keep the look-ups of citizens waiting."""

from pathlib import Path
from typing import Any

from motcua.environment import Environment

_env = Environment()

bind = f"{_env.listen('MOTCUA_LISTEN')}:{_env.port('MOTCUA_PORT', 8000)}"
workers = 2
worker_class = "gthread"
threads = 4
preload_app = True

# A register of a whole year takes its time; an idle worker still has to show signs of life.
timeout = 120
graceful_timeout = 30
max_requests = 20_000
max_requests_jitter = 2_000
# On a disk, the workers' signs of life can stall with it.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108

control_socket_disable = True
# Addresses and receipt codes are personal data. Who switches the log on (--access-logfile) gets
# neither the visitor, nor what was asked for, nor the page before: the program's own log names the
# pattern of each address.
accesslog = None
access_log_format = "%(t)s %(m)s %(s)s %(B)s %(M)sms"
errorlog = "-"
loglevel = "warning"


def on_starting(server: Any) -> None:
    """Views and the PDF engine are loaded before the processes part: they share the memory, and
    nobody who comes first, or to a fresh worker, waits for it."""
    from django.urls import reverse

    from motcua.printing import pdf

    reverse("home")
    pdf.warm_up()


def when_ready(server: Any) -> None:
    from django.conf import settings

    sockets = [address for address in server.cfg.address if isinstance(address, str)]
    place = sockets[0] if sockets else f"http://{settings.VISIT}:{settings.PORT}/"
    print(f"Một cửa đang chạy tại {place}", flush=True)  # noqa: T201
