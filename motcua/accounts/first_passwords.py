"""First passwords: made by chance, told once on a slip to hand out, kept as hashes alone."""

import csv
import io
import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from motcua.models import Staff
from motcua.printing.pdf import render_pdf
from motcua.text import no_formula

# Nothing that is read for another one on paper: no i, l, o, 0, 1.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, LETTERS_OF_A_GROUP = 3, 4
# Twelve letters by chance are 59 bits, which no number of rounds has to make up for; a list of a
# thousand people would otherwise take minutes. The first log-in stores a hash of all rounds, of a
# password that its owner chose.
ROUNDS = 50_000
COLUMNS = ("Đơn vị", "Họ và tên", "Chức vụ", "Tên đăng nhập", "Mật khẩu tạm")


@dataclass(frozen=True)
class PasswordSlip:
    """What is handed to one person."""

    office: str
    full_name: str
    title: str
    username: str
    password: str

    @property
    def row(self) -> tuple[str, ...]:
        return (self.office, self.full_name, self.title, self.username, self.password)


def give(staff: Staff) -> PasswordSlip:
    """Give the account, which is saved afterwards, a first password; its slip."""
    password = _by_chance(staff)
    staff.password = _hashed(password)
    staff.must_change_password = True
    office = staff.office.name if staff.office else ""
    return PasswordSlip(office, staff.full_name, staff.title, staff.username, password)


@transaction.atomic
def give_again(accounts: Iterable[Staff]) -> list[PasswordSlip]:
    """New first passwords for accounts that are open and that nobody has logged in to yet, in
    their order; slips from before are void. None at all where one of them is in use."""
    keys = [staff.pk for staff in accounts]
    # Not in their usual order, which joins the office: PostgreSQL locks no outer join.
    rows = Staff.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    found = sorted(rows, key=lambda staff: (staff.office_id or 0, staff.full_name, staff.pk))
    if any(staff.last_login is not None or not staff.is_active for staff in found):
        return []
    slips = []
    for staff in found:
        slips.append(give(staff))
        staff.end_sessions()
        staff.save(update_fields=["password", "must_change_password", "session_round"])
    return slips


def as_csv(slips: Sequence[PasswordSlip]) -> bytes:
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(COLUMNS)
    table.writerows([no_formula(cell) for cell in slip.row] for slip in slips)
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def as_pdf(slips: Sequence[PasswordSlip]) -> bytes:
    """Slips on A4, to be cut."""
    context = {"slips": slips, "address": settings.MOTCUA_BASE_URL}
    return render_pdf("paper/first_passwords.html", context, stylesheet="password-slips.css")


class SheetRefused(Exception):
    """The file of first passwords cannot be made; the text is a Vietnamese sentence."""


@contextmanager
def sheet_file(path: Path) -> Iterator[int]:
    """A new file that its owner alone reads (mode 0600), as a descriptor; gone again when what is
    done with it fails. Raises SheetRefused for one that is there or cannot be made."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        text = f"Đã có tệp {path}. Mật khẩu tạm không ghi đè lên tệp nào."
        raise SheetRefused(text) from None
    except (OSError, ValueError) as wrong:
        raise SheetRefused(f"Không tạo được tệp {path}.") from wrong
    try:
        yield file
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    finally:
        os.close(file)


def write_sheet(file: int, path: Path, slips: Sequence[PasswordSlip]) -> None:
    """The slips, on the disk when it returns: as PDF where the file is called so, else as CSV."""
    content = as_pdf(slips) if path.suffix.lower() == ".pdf" else as_csv(slips)
    with os.fdopen(os.dup(file), "wb") as sheet:
        sheet.write(content)
        sheet.flush()
        os.fsync(sheet.fileno())


def _hashed(password: str) -> str:
    hasher = get_hasher()
    if isinstance(hasher, PBKDF2PasswordHasher):
        return hasher.encode(password, hasher.salt(), iterations=ROUNDS)
    return make_password(password)


def _by_chance(staff: Staff) -> str:
    """A password that the rules of passwords take, too."""
    while True:
        groups = ("".join(_letters()) for _ in range(GROUPS))
        password = "-".join(groups)
        try:
            validate_password(password, staff)
        except ValidationError:
            continue
        return password


def _letters() -> Iterator[str]:
    return (secrets.choice(LETTERS) for _ in range(LETTERS_OF_A_GROUP))
