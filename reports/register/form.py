"""Which part of the register book: office or level, year, month, sector, number."""

from django import forms
from django.http import Http404, QueryDict

from motcua import clock
from motcua.form_layout import CrispyForm
from motcua.models import Staff
from procedures.models import Sector
from reports.figures.offices import OfficesInTime, key_of
from reports.register.book import Book
from reports.terms.periods import Period, parse_period

FIRST_YEAR = 2000


class RegisterForm(CrispyForm):
    """A bare address means the year's book of the person's own office, otherwise of the widest
    scope. Raises Http404 for a scope that does not exist for this person."""

    marks_optional = False

    def __init__(self, query: QueryDict | dict[str, str], offices: OfficesInTime, staff: Staff):
        if not offices:
            raise Http404("Không có sổ nào.")
        self.staff = staff
        given = {name: query[name] for name in query if query[name]}
        today = clock.today()
        year = given.get("nam", str(today.year))
        scopes = offices.scopes(_period_of(str(year), str(given.get("thang", ""))))
        self.scopes = {scope.key: scope for scope in scopes}
        own = next((s.key for s in scopes if s.single and s.single.pk == staff.office_id), "")
        asked = {"pham-vi": own or scopes[0].key, "nam": year, **given}
        key = key_of(str(asked["pham-vi"]), scopes, offices)
        if key is None:
            raise Http404("Không có sổ này.")
        super().__init__({**asked, "pham-vi": key})
        self.fields["pham-vi"] = forms.ChoiceField(
            label="Đơn vị", choices=[(scope.key, scope.name) for scope in scopes]
        )
        self.fields["nam"] = forms.IntegerField(
            label="Năm",
            min_value=FIRST_YEAR,
            max_value=today.year + 1,
            error_messages={
                "invalid": "Năm phải là số, ví dụ 2016.",
                "min_value": f"Năm phải từ {FIRST_YEAR} trở đi.",
                "max_value": "Năm này chưa có sổ.",
            },
        )
        self.fields["thang"] = forms.TypedChoiceField(
            label="Tháng",
            choices=[("", "Cả năm"), *((month, f"Tháng {month}") for month in range(1, 13))],
            coerce=int,
            empty_value=None,
            required=False,
            error_messages={"invalid_choice": "Tháng phải từ 1 đến 12."},
        )
        self.fields["linh-vuc"] = forms.ModelChoiceField(
            label="Lĩnh vực",
            queryset=Sector.objects.all(),
            empty_label="Tất cả lĩnh vực",
            required=False,
            error_messages={"invalid_choice": "Không có lĩnh vực này. Hãy chọn trong danh sách."},
        )
        self.fields["so"] = forms.CharField(
            label="Số trong sổ hoặc mã hồ sơ",
            max_length=60,
            required=False,
            error_messages={"max_length": "Số hoặc mã không dài quá 60 ký tự."},
        )

    def book(self) -> Book:
        """The chosen part; the form must be valid."""
        data = self.cleaned_data
        return Book(
            staff=self.staff,
            scope=self.scopes[data["pham-vi"]],
            year=data["nam"],
            month=data["thang"],
            sector=data["linh-vuc"],
            number=data["so"],
        )


def _period_of(year: str, month: str) -> Period:
    """The time of the book that is asked for; this year where that can not be read."""
    today = clock.today()
    try:
        asked = parse_period(f"{year}-{int(month):02}" if month else year)
    except ValueError:
        asked = parse_period(str(today.year))
    return asked.told_on(today)
