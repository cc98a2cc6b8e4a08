"""The free space on the disk of the data folder, in bytes: one measure to warn and to refuse by."""

import shutil

from django.conf import settings

LEAST_FREE = 500 * 1024 * 1024  # below it a backup or a thick book may not fit


def free() -> int:
    return shutil.disk_usage(settings.VAR).free


def has_room_for_files() -> bool:
    """Whether files may still be sent: twice the least, since what all threads are receiving at
    this moment comes on top, and work has to go on."""
    return free() >= 2 * LEAST_FREE
