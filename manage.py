#!/usr/bin/env python
"""Django's commands for this project: `python manage.py help`."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import ManagementUtility, get_commands, load_command_class

OWN = ("motcua", "procedures", "dossiers", "reports")


class Commands(ManagementUtility):
    """`help` says the desk's own commands first, each with its first sentence."""

    def main_help_text(self, commands_only: bool = False) -> str:
        text = super().main_help_text(commands_only)
        if commands_only:
            return text
        lines = ["Các lệnh của Một cửa (chi tiết: manage.py help LỆNH):", ""]
        for name, app in sorted(get_commands().items()):
            if app in OWN:
                words = " ".join(load_command_class(app, name).help.split())
                lines.append(f"  {name:<20} {words.split('. ')[0].rstrip('.')}.")
        return "\n".join([*lines, "", "Mọi lệnh, có cả của Django:", text])


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.settings")
    try:
        Commands(sys.argv).execute()
    except ImproperlyConfigured as error:
        sys.exit(f"Cấu hình chưa đúng: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
