"""Long work in a process of its own."""

from pathlib import Path

from django.core.management import get_commands

from motcua.jobs import command


def test_the_real_command_of_a_job_exists() -> None:
    python, manage = command()

    assert Path(python).exists()
    assert Path(manage).name == "manage.py"
    assert {"print_register", "work_off_register"} <= get_commands().keys()
