"""The events of a life by which citizens look for a procedure, and the rule that tags the shipped
catalogue: by the words of a procedure's name and by its sector. An administrator keeps both the
list and the tags afterwards; nothing in law fixes them."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from motcua.text import fold
from procedures.models import LifeEvent, Procedure


@dataclass(frozen=True)
class Rule:
    """A procedure belongs to the event when its name has one of these words, written without
    diacritics, or its sector is one of these."""

    key: str
    name: str
    words: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()

    def holds(self, name: str, sector: str) -> bool:
        folded = fold(name)
        return sector in self.sectors or any(
            re.search(rf"\b{re.escape(word)}\b", folded) for word in self.words
        )


SHIPPED = (
    Rule("sinh-con", "Sinh con, nhận con", ("khai sinh", "nhan cha", "con nuoi", "giam ho")),
    Rule("di-hoc", "Đi học", ("hoc sinh", "hoc tap"), ("Giáo dục và Đào tạo",)),
    Rule("ket-hon", "Kết hôn, ly hôn", ("ket hon", "hon nhan", "ly hon")),
    Rule(
        "khoi-nghiep",
        "Khởi nghiệp, kinh doanh",
        ("kinh doanh", "hop tac xa", "ban le", "san xuat ruou"),
        (
            "An toàn thực phẩm và dinh dưỡng",
            "Công thương (lưu thông hàng hóa)",
            "Kinh doanh khí",
            "Lưu thông hàng hóa trong nước",
            "Thành lập và hoạt động của hợp tác xã",
            "Thành lập và hoạt động doanh nghiệp (hộ kinh doanh)",
        ),
    ),
    Rule(
        "nha-dat",
        "Nhà đất, xây dựng",
        ("nha o", "quyen su dung dat", "giay phep xay dung"),
        (
            "Đất đai",
            "Đăng ký biện pháp bảo đảm",
            "Hạ tầng kỹ thuật",
            "Hoạt động xây dựng",
            "Quy hoạch xây dựng, kiến trúc",
            "Tài chính đất đai",
        ),
    ),
    Rule("giay-to", "Làm giấy tờ, chứng thực", (), ("Chứng thực", "Hộ tịch")),
    Rule("phuong-tien", "Xe cộ, tàu thuyền", ("phuong tien",), ("Đường bộ", "Đường thủy nội địa")),
    Rule(
        "lam-nong",
        "Trồng trọt, chăn nuôi, đánh bắt",
        ("nong san", "tau ca", "nuoi trong"),
        (
            "Kinh tế hợp tác và Phát triển nông thôn",
            "Lâm nghiệp",
            "Nông nghiệp",
            "Nông nghiệp và phát triển nông thôn",
            "Quản lý chất lượng nông lâm sản và thủy sản",
            "Thủy lợi",
            "Thủy sản",
            "Trồng trọt",
        ),
    ),
    Rule(
        "tro-giup",
        "Cần trợ giúp, khuyết tật, tuổi già",
        ("khuyet tat", "ho ngheo", "nguoi cao tuoi", "tro giup"),
        ("Bảo trợ xã hội", "Giảm nghèo", "Phòng, chống tệ nạn xã hội", "Trẻ em"),
    ),
    Rule(
        "co-cong",
        "Người có công, quân đội",
        ("liet si", "thuong binh", "nghia vu quan su"),
        ("Người có công", "Nghĩa vụ quân sự"),
    ),
    Rule("qua-doi", "Người thân qua đời", ("khai tu", "mai tang", "tu tran", "thua ke", "di san")),
    Rule(
        "khieu-nai",
        "Khiếu nại, tố cáo, hòa giải",
        ("khieu nai", "to cao", "tranh chap"),
        (
            "Bồi thường nhà nước",
            "Hòa giải ở cơ sở",
            "Khiếu nại, tố cáo, tiếp công dân",
            "Phòng, chống tham nhũng",
            "Tiếp công dân, giải quyết khiếu nại, tố cáo",
        ),
    ),
)


def load_life_events(fresh: Collection[str] = ()) -> int:
    """Create the shipped events that are missing, each tagged by its rule; safe to repeat.

    An event that exists keeps the tags that an administrator gave it, and gets those of the
    procedures that are new to the catalogue (`fresh`, their keys).
    """
    procedures = list(Procedure.objects.select_related("sector"))
    created = 0
    for position, rule in enumerate(SHIPPED, start=1):
        event, new = LifeEvent.objects.get_or_create(
            key=rule.key, defaults={"name": rule.name, "position": position}
        )
        created += new
        event.procedures.add(
            *(
                procedure
                for procedure in procedures
                if (new or procedure.key in fresh)
                and rule.holds(procedure.name, procedure.sector.name)
            )
        )
    return created
