"""The words of the further reports in addresses."""

from django.urls.converters import StringConverter

FURTHER = ("tre-han", "ton-dong", "nguyen-nhan", "hinh-thuc")


class FurtherConverter(StringConverter):
    """One of the further reports; anything else under /bao-cao/ is somebody else's address."""

    regex = "|".join(FURTHER)
