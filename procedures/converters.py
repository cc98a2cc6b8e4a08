"""What stands for a procedure in an address: its key, which may be a national code."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class ProcedureKey(StringConverter):
    """Letters, digits, `_`, `-` and, inside, the dots of a national code: 1.001193."""

    regex = "[0-9A-Za-z_-]+(?:[.][0-9A-Za-z_-]+)*"


register_converter(ProcedureKey, "procedure_key")
