"""The columns of an old register, and its lines.

Nothing here knows offices or procedures; what a line means is said in `facts`.
"""

from motcua.tables import lines
from motcua.tables.lines import LARGEST_FILE, Line, Template

__all__ = ["COLUMNS", "LARGEST_FILE", "MEANINGS", "TOO_LARGE", "WHY_LEFT", "Line", "read"]

MEANINGS = {
    "office_code": "mã đơn vị đã tiếp nhận (cột “Mã” của danh mục đơn vị)",
    "procedure_id": "mã thủ tục trong danh mục, ví dụ H001",
    "receipt_code": "mã hồ sơ trong sổ; trống thì chương trình cấp",
    "applicant_name": "cá nhân, tổ chức nộp",
    "applicant_id": "số giấy tờ tùy thân; có thể trống",
    "phone": "số điện thoại; có thể trống",
    "address": "địa chỉ; có thể trống",
    "channel": "hình thức nộp: direct (trực tiếp), post (dịch vụ bưu chính), online (trực tuyến)",
    "received_at": "lúc tiếp nhận",
    "due_at": "lúc hẹn trả; trống thì chương trình tính, đã ghi thì giữ như sổ",
    "supplement_from": "lúc yêu cầu bổ sung, nếu có",
    "supplement_to": "lúc nhận bổ sung, nếu có",
    "resolved_at": "lúc có kết quả; trống thì hồ sơ còn đang giải quyết",
    "outcome": "kết quả: approved (giải quyết xong), refused (từ chối giải quyết), "
    "withdrawn (công dân rút), stopped (dừng giải quyết)",
    "handed_over_at": "lúc trả kết quả, nếu đã trả",
    "note": "ghi chú; có thể trống",
}
"""The columns, and what each says in the words of the page where a register is uploaded."""
COLUMNS = tuple(MEANINGS)
WHY_LEFT = "cần xem lại"
"""The column of reasons in a file of lines that were left out; nothing is read of it."""
TEMPLATE = Template(
    COLUMNS,
    unread=(WHY_LEFT,),
    most_lines=60_000,
    advice="Hãy chia sổ thành nhiều tệp, ví dụ mỗi năm một tệp.",
)
TOO_LARGE = TEMPLATE.too_large


def read(content: bytes, sheet: str = "") -> list[Line]:
    """The lines of an old register. Raises UnreadableFile."""
    return lines.read(content, TEMPLATE, sheet)
