"""How the desk is: for the person who runs it and for a load balancer. No account, no secrets.

What stops work (database, migrations, disk) makes the answer 503; what will stop it one day
(backup, scans that are gone, what a killed restore left, a replica that is away, and whatever the
upper apps register in `health_parts`) is a warning and leaves it 200.
"""

from datetime import timedelta
from functools import cache
from math import isfinite

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from motcua import clock
from motcua.operations import health_parts, replica
from motcua.operations.backup import scans
from motcua.operations.backup.archive import last_backup, leftovers, missing_in_last_backup
from motcua.operations.health_parts import Part
from motcua.web import disk as disks

OLDEST_BACKUP = timedelta(hours=36)
NEWEST_SCANS = 200  # looked for at every call; all of them by every backup


@require_safe
def short(request: HttpRequest) -> HttpResponse:
    """One statement: whether this process can reach its database."""
    well = database()["ok"]
    return _fresh(HttpResponse("ok\n" if well else "no database\n", "text/plain"), well)


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Every part with `ok`; `needed` parts decide the status."""
    needed = {"database": database(), "disk": disk()}
    warnings: dict[str, Part] = {}
    if needed["database"]["ok"]:
        try:
            needed["migrations"] = migrations()
            warnings = _of_the_database() if _ok(needed) else {}
        except DatabaseError:
            needed["database"] = {"ok": False}
    warnings |= {"backup": backup(), "leftovers": left_behind()}
    status = "ok" if _ok(needed) and _ok(warnings) else "warning" if _ok(needed) else "error"
    answer = JsonResponse({"status": status, **needed, **warnings})
    return _fresh(answer, _ok(needed))


def _ok(parts: dict[str, Part]) -> bool:
    return all(part["ok"] for part in parts.values())


def _fresh(response: HttpResponse, well: bool) -> HttpResponse:
    response.status_code = 200 if well else 503
    response.headers["Cache-Control"] = "no-store"
    return response


def database() -> Part:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return {"ok": False}
    return {"ok": True}


@cache
def _shipped() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def migrations() -> Part:
    missing = _shipped() - set(MigrationRecorder(connection).applied_migrations())
    return {"ok": not missing, "missing": len(missing)}


def _of_the_database() -> dict[str, Part]:
    parts = health_parts.asked() | {"scans": scans_kept()}
    return parts | {"replica": read_replica()} if replica.REPLICA in settings.DATABASES else parts


def read_replica() -> Part:
    """Whether reports are read there; how far it lies behind, None when it is away."""
    lag = replica.standing.lag()
    return {
        "ok": lag <= settings.MOTCUA_REPLICA_LAG,
        "lag_seconds": int(lag) if isfinite(lag) else None,
    }


def disk() -> Part:
    free = disks.free()
    return {"ok": free >= disks.LEAST_FREE, "free_mb": free // (1024 * 1024)}


def scans_kept() -> Part:
    """Whether the files that rows name are there: the newest now, all at the last backup."""
    gone = max(len(scans.missing(NEWEST_SCANS)), missing_in_last_backup())
    return {"ok": not gone, "missing": gone}


def left_behind() -> Part:
    """Folders in MOTCUA_VAR of backups and restores that were killed: they hold data in the open,
    and after a killed restore perhaps the only copies of files."""
    folders = [folder.name for folder in leftovers()]
    return {"ok": not folders, "folders": folders}


def backup() -> Part:
    made_at = last_backup()
    if made_at is None:
        return {"ok": False, "age_hours": None}
    age = clock.now() - made_at
    well = age <= OLDEST_BACKUP and not clock.is_ahead(made_at)
    return {"ok": well, "age_hours": int(age.total_seconds() // 3600)}
