"""What tells a desk to practise at from a real one, on paper."""

from django import template

from motcua.models import Installation

register = template.Library()

PRACTICE_WORDS = "BẢN TẬP DƯỢT, KHÔNG CÓ GIÁ TRỊ"


@register.simple_tag
def practice_words() -> str:
    """What the margin of every paper says at a desk to practise at; empty at a real one."""
    return PRACTICE_WORDS if Installation.is_demonstration() else ""
