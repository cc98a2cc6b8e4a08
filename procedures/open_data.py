"""The catalogue as open data: one row for each procedure in force on a day.

Keys and fields are stable: a field is added, none is renamed or given another meaning. What the
catalogue only recalls is left out (codes) or marked (limit, fee).
"""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse

from motcua import clock
from motcua.text import no_formula
from procedures.models import Procedure, ProcedureVersion
from procedures.offering import offered_somewhere, with_versions
from procedures.parts import code_of, forms_of

LICENCE = (
    "Dữ liệu mở: được tự do sao chép, chia sẻ, sử dụng lại, kể cả cho mục đích thương mại, với "
    "điều kiện ghi rõ nguồn và ngày của dữ liệu."
)
FIELDS = {
    "key": "Mã ổn định của thủ tục trong danh mục này, không đổi khi tên thay đổi.",
    "national_code": "Mã thủ tục trên Cơ sở dữ liệu quốc gia; trống khi chưa đối chiếu.",
    "name": "Tên thủ tục.",
    "level": "Cấp tiếp nhận: district là cấp huyện, commune là cấp xã.",
    "sector": "Lĩnh vực.",
    "life_events": "Các sự kiện trong đời dẫn tới thủ tục.",
    "in_force_from": "Ngày bắt đầu áp dụng (năm-tháng-ngày); trống: từ đầu.",
    "in_force_to": "Ngày cuối cùng áp dụng; trống: đang áp dụng.",
    "limit_value": "Thời hạn giải quyết, tính bằng đơn vị ở limit_unit; 0 khi trong ngày "
    "hoặc chưa rõ.",
    "limit_unit": "working_day ngày làm việc, calendar_day ngày, working_hour giờ làm việc, "
    "month tháng, same_day trong ngày; trống là chưa rõ thời hạn.",
    "limit_note": "Ghi chú về thời hạn.",
    "limit_is_uncertain": "true khi thời hạn cần kiểm tra lại.",
    "fee_vnd": "Phí, lệ phí bằng đồng; 0 là miễn phí; trống là chưa rõ.",
    "fee_note": "Ghi chú về phí, lệ phí.",
    "fee_is_uncertain": "true khi mức thu cần kiểm tra lại.",
    "department": "Bộ phận giải quyết.",
    "result": "Kết quả.",
    "papers": "Thành phần hồ sơ.",
    "forms": "Mẫu đơn, tờ khai.",
    "sets": "Số lượng hồ sơ (bộ); trống là chưa ghi.",
    "legal_basis": "Căn cứ pháp lý.",
    "url": "Địa chỉ trang của thủ tục.",
}


def rows(day: date) -> Iterator[dict[str, Any]]:
    """The active procedures with their version of the day, in the order of their keys."""
    found = (
        offered_somewhere()
        .procedures.select_related("sector")
        .prefetch_related("life_events", "codes")
        .order_by("key")
    )
    for one in with_versions(found, day, ProcedureVersion.objects.prefetch_related("papers")):
        if one.version is not None:
            yield _row(one.procedure, one.version, day)


def as_json(day: date) -> str:
    procedures = list(rows(day))
    return json.dumps(
        {
            "title": "Danh mục thủ tục hành chính",
            "licence": LICENCE,
            "source": settings.MOTCUA_BASE_URL + reverse("procedure_list"),
            "in_force_on": day.isoformat(),
            "made_on": clock.today().isoformat(),
            "fields": FIELDS,
            "count": len(procedures),
            "procedures": procedures,
        },
        ensure_ascii=False,
        indent=1,
    )


def as_csv(day: date) -> str:
    """The same rows under a line of field names; several values stand between " | ". Licence and
    day stand in the last two columns, so that the file stays a plain table."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*FIELDS, "in_force_on", "licence"])
    for row in rows(day):
        writer.writerow([*map(_cell, row.values()), day.isoformat(), LICENCE])
    return "\ufeff" + out.getvalue()  # Excel takes it for UTF-8 only with this mark


def _row(procedure: Procedure, version: ProcedureVersion, day: date) -> dict[str, Any]:
    values = (
        procedure.key,
        code_of(procedure, version, day),
        procedure.name,
        procedure.level,
        procedure.sector.name,
        [event.name for event in procedure.life_events.all()],
        _day(version.in_force_from),
        _day(version.in_force_to),
        version.limit_value,
        version.limit_unit,
        version.limit_note,
        version.is_uncertain,
        version.fee_vnd,
        version.fee_note,
        version.doubts("phí, lệ phí"),
        version.department,
        version.result,
        [paper.name for paper in version.papers.all()],
        list(forms_of(version)),
        version.sets,
        version.legal_acts,
        settings.MOTCUA_BASE_URL + reverse("procedure_detail", args=[procedure.key]),
    )
    return dict(zip(FIELDS, values, strict=True))


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        value = " | ".join(value)
    return no_formula(value) if isinstance(value, str) else value
