"""The further reports: their words in addresses and their titles."""

from django.urls.converters import StringConverter

FURTHER = {
    "tre-han": "Hồ sơ trễ hạn",
    "ton-dong": "Hồ sơ tồn theo tuổi",
    "nguyen-nhan": "Nguyên nhân trễ hạn",
    "hinh-thuc": "Kết quả theo hình thức nộp",
    "noi-nhan": "Theo nơi tiếp nhận",
}


class FurtherConverter(StringConverter):
    """One of the further reports; anything else under /bao-cao/ is somebody else's address."""

    regex = "|".join(FURTHER)
