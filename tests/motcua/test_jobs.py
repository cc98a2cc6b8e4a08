"""Long work in a process of its own."""

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

from motcua.operations.jobs import bounded, command


def test_jobs_real_command_of_a_job_exists() -> None:
    python, manage = command()

    assert Path(python).exists()
    assert Path(manage).name == "manage.py"
    assert {"print_register", "work_off_register"} <= get_commands().keys()


def test_job_outlives_the_server_and_its_temporary_folder(tmp_path: Path) -> None:
    told, kept = tmp_path / "told", tmp_path / "run"
    kept.mkdir()
    job = (
        f"import tempfile, time; time.sleep(1); open({str(told)!r}, 'w').write(tempfile.mkdtemp())"
    )
    server = (
        "import django, os, signal; django.setup()\n"
        "from django.conf import settings; from motcua.operations import jobs\n"
        f"settings.JOB_COMMAND = [{sys.executable!r}, '-c', {job!r}]\n"
        "jobs.start(); os.killpg(0, signal.SIGKILL)"
    )
    subprocess.run(
        [sys.executable, "-c", server],
        cwd=settings.BASE_DIR,
        env={**os.environ, "TMPDIR": str(tmp_path / "gone"), "RUNTIME_DIRECTORY": str(kept)},
        start_new_session=True,
        check=False,
    )
    assert not told.exists()
    deadline = time.monotonic() + 60
    while not (told.exists() and told.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert Path(told.read_text()).parent == kept


def test_bounded_job_ends_by_time_and_by_memory_and_is_unbound_afterwards() -> None:
    before = resource.getrlimit(resource.RLIMIT_AS)
    with (
        pytest.raises(TimeoutError),
        bounded(seconds=1, memory=2**40, error=TimeoutError()),
    ):
        while True:
            pass
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    with (
        pytest.raises(MemoryError),
        bounded(seconds=60, memory=size + 2**27, error=TimeoutError()),
    ):
        bytearray(2**30)
    assert resource.getrlimit(resource.RLIMIT_AS) == before
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)
