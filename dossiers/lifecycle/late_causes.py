"""The causes of lateness that the project ships (TT 02/2017/TT-VPCP, biểu 07, by memory of its
two parts: a. regulation, b. other). An administrator keeps the list afterwards."""

from dossiers.models import LateCause

SHIPPED = (
    ("A1", "Quy định hành chính chưa rõ hoặc chồng chéo"),
    ("A2", "Thời hạn quy định không đủ để giải quyết"),
    ("B1", "Thiếu cán bộ, công chức hoặc vắng người phụ trách"),
    ("B2", "Cơ sở vật chất, phần mềm, đường truyền hỏng"),
    ("B3", "Cơ quan phối hợp chậm trả lời"),
    ("B4", "Hồ sơ phức tạp, phải xác minh thực địa"),
    ("B5", "Người nộp chậm thực hiện yêu cầu"),
    ("B9", "Nguyên nhân khác"),
)


def load_causes() -> int:
    """Create the shipped causes that are missing; what an administrator changed stays."""
    created = 0
    for code, name in SHIPPED:
        _, new = LateCause.objects.get_or_create(code=code, defaults={"name": name})
        created += new
    return created
