"""Names whose letters are lost are known; names of every people keep theirs. Nobody is real."""

import pytest

from motcua.tables.letters import _TCVN3, broken_words

pytestmark = pytest.mark.pure

ORDINARY = """
Y Moan Êñuôl | H'Hen Niê | Lò Thị Mai | Danh Thị Sà Rươne | Trần Lê Quốc Toàn |
Y Ñin Êban | H'Ñi Byă | H’Lim Êñuôl | Êñuôl | Y Brôm Ênuôl | Ksor H'Bê | Kpă Klơng |
Siu Blêh | Rơ Châm H'Phík | Đinh Núp | Hồ Văn Ảnh | Thạch Thị Sà Mết | Sơn Thị Ươl |
Kim Sà Phép | Lâm Es | Châu Sóc Kha | Néang Sóc Khơm | Chau Kim Sêng | Danh Út |
Kiều Maily | Bá Trung Thiều | Inrasara Phú Trạm | Mohamad Sà Lêh | Ysa Cosiem |
Giàng A Páo | Vàng Mí Già | Sùng Mí Pó | Thào A Sính | Lỳ Xé Lòng | Pờ Dần Xinh |
Tẩn A Phử | Phàn Mùi Phạ | Bàn Thị Xuân | Lù Thị Ngoẻn | Vừ Mí Nô | Mùa A Sử |
Hà Nhì Chừ | Lục Tú | Quách Ngọc Lan | Tăng Dũ | Trương Mỹ Hoa | Lưu Hoài | Hứa A Mẻ |
Nông Đức Mạnh | Hoàng Văn Thụ | La Văn Cầu | Bế Văn Đàn | Bùi Văn Tợp | Quách Thị Lìn |
Zơrâm Thưn | Cơlâu Nhím | Bhríu Pố | Alăng Văn Nêê | Pơloong Blới | Arất Bhlúa | A Kiếp |
Y Byên | Y Blôk Êban | Hồ Kan Lịch | Kôn Sơ Lây | Chamaléa Thị Thủy | Katơr Thị Ngọc |
Pinăng Tắc | Mấu Thị Bích Phanh | K'Brếp | K’Thế | Ka Să Hà | Rơ Ông Ha Tâm |
Bnahria Ya Đoàn | Liêng Hót | Kră Jăn Tham | Cil Mup Ha Kla | Điểu Ong | Thị Giôn |
Lâm Ngọc Ôn | Moong Văn Nghệ | Lương Thị Xoóng | Cụt Thị Nguyệt | Vi Văn Sét |
Xeo Văn Moong | Lô Thị Ớc | Phìn Thị Chẻo | Lừu A Dơ | Chảo Sử Mẩy | Tẩn Lở Mẩy |
Lý Lở Mẩy | Phù Chí Phình | Pàn Ngọc Bích | Ly Mí Cường | Hạng A Sà | Cư Hòa Vần |
Kpuih Thu | Rmah H'Bút | Ayun H'Bút | Nay Blêu | Ama Thuột | Niê Thuật | Mlô H'Yăn |
Ayŭn | Ƀuôn Yă | Y Čhŏng | Rahlan Sơn | Nguyễn Văn Ơn | Ô Lắc | Lê Thị Ý | Y Ô | Ê Ban |
Müller | José García Núñez | François Côté | Zoë Björk | Søren Ångström | Łukasz Żółć |
Jürgen Weiß | Noël | Chloé | René Descartes | Đặng Thị Huyền Trân |
CÔNG TY TNHH “PHỞ BÒ” | UBND “TÂN XÃ” | Công ty “HOA LÊ” | số 12½ đường 3/2 |
25°C, 30m², 5×20m | ABC® | Có con chưa? | (đã trả lại?) | Thật không?? |
http://vidu.vn/a.php?id=5 | A & B | C++ | 5+3 | R&D | a(b) | Nguyễn Văn A (Ba) |
Hồ Sô Pia | Têrêsa Nguyễn Thị Hoà | Giuse Đặng Văn Khoẻ |
Phanxicô Xaviê Nguyễn Văn Thuận | nGUYỄN vĂN hÙNG | lÊ tHỊ lÝ | Hoá, thuỷ, quí, mỹ |
H´Hen Niê | K`Brếp | § 5 | «Hoa» | M. Le Clézio | Sàng A Dế | Chìu A Sáng |
Voòng A Sáng | Vòng Nhì Múi | Tsằn Nhục Múi | Coóng | Gịp A Sửu | Ðỗ Văn Ðức |
Kông Thị Đuônl | Sa Ra Mết | 陳文明 | ខ្មែរ | Nguyễn Văn Ân | quẹo trái, nhà số 5/7/9A |
Kênh 500, ấp Kênh Xáng | Đuônh | Néang Chanh Đa Ty | Tiêu Đề Cương | Lê Huêng |
Phan Thị Huýt | Lê Văn Nhuệ | Lê Toại | Mộc Khuê | Rcom H'Lêk | Đàm Vĩnh Hưng |
số CMND? | chứng thực 2 bản (?) | +84 912 | Lê Khuyếch | Xuýt | Ngoằn | Thoòng |
Bờ Nướch Thị Hênh | Nguyễn Thị Quyển | gì | giếng | gìn | Quít | quỳnh | quốc | Thuần |
Loan | khuỷu | ngoẻo | Hụê | Hóa | Thúy | Ngòai | Tòan | Hòang | Thủy
"""
NAMES = """
Nguyễn Văn Đức | Trần Thị Mận | Lê Thị Lan | Đỗ Hùng Dũng | Bùi Thị Vũ | Hồ Ngọc Ẩn |
Phạm Đình Chiểu | ấp 1, xã Tân Lộc | Huỳnh Thị Ánh Tuyết | Võ Tường Vy | Đặng Quỳnh Như |
Ông Ích Khiêm | Lý Tự Trọng | Ngô Thì Nhậm | khóm 2, thị trấn Thới Bình |
Âu Dương Phong | Nguyễn Thị Út | Mai Phước Lộc
"""
VNI = """
Nguyeãn Vaên Ñöùc | Traàn Thò Mai | Leâ Vaên Hoàng | Phaïm Ñình Chieåu |
aáp 1, xaõ Taân Loäc | NGUYEÃN VAÊN ÑÖÙC | Huyønh Thò AÙnh | Voõ Thò Saùu |
Ñaëng Thuøy Traâm | Buøi Thò Xuaân | Löông Theá Vinh
"""
TCVN3 = {letter: byte for byte, letter in _TCVN3.items()}


def each(listed: str) -> list[str]:
    return [name.strip() for name in listed.replace("\n", " ").split("|") if name.strip()]


def windows(content: bytes) -> str:
    """Bytes as Windows shows them; where it has no letter, the control character."""
    return "".join(
        chr(b) if b in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes([b]).decode("cp1252")
        for b in content
    )


READ_WRONGLY = {
    "TCVN3": lambda name: "".join(TCVN3.get(c, TCVN3.get(c.lower(), c)) for c in name),
    "UTF-8 as Latin-1": lambda name: name.encode().decode("latin-1"),
    "UTF-8 as Windows": lambda name: windows(name.encode()),
    "UTF-8 as Windows, twice": lambda name: windows(windows(name.encode()).encode()),
    "UTF-8 as Macintosh": lambda name: name.encode().decode("mac_roman"),
    "UTF-8 as DOS": lambda name: name.encode().decode("cp437"),
    "question marks": lambda name: name.encode("cp1252", "replace").decode("cp1252"),
    "question marks for all": lambda name: name.encode("ascii", "replace").decode(),
    "replaced": lambda name: name.encode().decode("ascii", "replace"),
}


@pytest.mark.parametrize("name", each(ORDINARY) + each(NAMES))
def test_register_letters_ordinary_words_and_names_of_every_people_are_not_broken(
    name: str,
) -> None:
    assert broken_words(name) == []


@pytest.mark.parametrize("name", each(NAMES))
@pytest.mark.parametrize("how", READ_WRONGLY)
def test_letters_that_were_read_wrongly_are_known(name: str, how: str) -> None:
    seen = READ_WRONGLY[how](name)
    assert seen == name or broken_words(seen)


@pytest.mark.parametrize(
    "name",
    [
        *each(VNI),
        *("Hå", "Lª", "ThÞ", "Ph¹m", "§ç", "D\u00ad¬ng", "Lê Th? Mai", "H? Lan"),
        *("Th&#7883;", "Tr\\u1ea7n", "Nguye^~n Thi.", "Tr\uf0a7n", "NguyêÞn"),
    ],
)
def test_letters_of_old_fonts_are_known(name: str) -> None:
    assert broken_words(name)


@pytest.mark.parametrize("mark", "¿□▯☐◻⬜")
@pytest.mark.parametrize("name", each(NAMES))
def test_letters_that_a_program_lacked_are_known_by_the_mark_in_their_place(
    name: str, mark: str
) -> None:
    seen = "".join(c if c.isascii() else mark for c in name)
    lost = [word for word in seen.split() if mark in word]
    assert broken_words(seen) == lost


@pytest.mark.parametrize("note", ["☐ có ☐ không", "☐Nam □Nữ", "(□) bản sao", "¿ ?", "□", "5□"])
def test_letters_box_to_be_ticked_is_no_lost_letter(note: str) -> None:
    assert broken_words(note) == []


def test_question_mark_in_a_name_is_told(  # in a note it asks
) -> None:
    assert broken_words("Nguyễn Văn A (?)", is_name=True)
    assert not broken_words("Nguyễn Văn A (?)")
    assert broken_words("Cao Thị □", is_name=True)
