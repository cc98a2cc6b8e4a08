"""The reasons that the project ships; an administrator keeps them afterwards."""

from dossiers.models import ReasonTemplate

SUPPLEMENT, REFUSAL, APOLOGY = ReasonTemplate.Kind
SHIPPED = (
    (SUPPLEMENT, "Thành phần hồ sơ chưa đủ theo quy định của thủ tục."),
    (SUPPLEMENT, "Tờ khai chưa ghi đủ hoặc chưa ký tên."),
    (SUPPLEMENT, "Thông tin trên các giấy tờ chưa thống nhất với nhau."),
    (SUPPLEMENT, "Bản sao chưa được chứng thực và chưa có bản chính để đối chiếu."),
    (SUPPLEMENT, "Giấy tờ đã hết hạn sử dụng."),
    (REFUSAL, "Việc này không thuộc thẩm quyền giải quyết của cơ quan."),
    (REFUSAL, "Hồ sơ không đủ điều kiện giải quyết theo quy định của thủ tục."),
    (REFUSAL, "Cùng một việc này đã có hồ sơ đang được giải quyết."),
    (APOLOGY, "Hồ sơ phải xác minh thêm nên chưa có kết quả đúng hẹn."),
    (APOLOGY, "Cơ quan phối hợp chưa có ý kiến trả lời."),
    (APOLOGY, "Lượng hồ sơ trong kỳ tăng cao nên chưa giải quyết kịp."),
)


def load_reasons() -> int:
    """Give the shipped reasons to an installation that has none; how many. A list that was begun
    is left as the administrator keeps it."""
    if ReasonTemplate.objects.exists():
        return 0
    rows = [
        ReasonTemplate(kind=kind, text=text, position=position)
        for position, (kind, text) in enumerate(SHIPPED, start=1)
    ]
    return len(ReasonTemplate.objects.bulk_create(rows))
