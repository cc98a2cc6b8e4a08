"""Codes that a machine reads off paper, as SVG of one path each: quick to lay out, sharp to print."""

from io import BytesIO

import segno
from barcode.codex import Code128
from django.utils.safestring import SafeString, mark_safe

QUIET_MODULES = 10  # ISO/IEC 15417: ten modules of white on each side
BAR_HEIGHT = 30  # in modules; the style sheet stretches it to the height it wants


def qr_svg(text: str) -> SafeString:
    """A QR code of the text for a page's own markup; error level M, four modules of white."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, svgclass="qr", lineclass=None
    )
    return mark_safe(out.getvalue().decode().strip())  # noqa: S308 - segno writes no text of ours


def code128_svg(text: str) -> SafeString:
    """A Code 128 barcode of the text, quiet zones included, without the text beneath.

    Raises ValueError for a character outside ASCII, which Code 128 cannot hold.
    """
    if not text or not text.isascii():
        raise ValueError("Mã vạch Code 128 chỉ ghi được chữ không dấu và chữ số.")
    modules = Code128(text).build()[0]
    width = len(modules) + 2 * QUIET_MODULES
    path = "".join(
        f"M{start + QUIET_MODULES} 0h{length}v{BAR_HEIGHT}h-{length}z"
        for start, length in _bars(modules)
    )
    return mark_safe(  # noqa: S308 - only numbers of ours go in
        f'<svg xmlns="http://www.w3.org/2000/svg" class="code128" '
        f'viewBox="0 0 {width} {BAR_HEIGHT}" preserveAspectRatio="none">'
        f'<path d="{path}"/></svg>'
    )


def _bars(modules: str) -> list[tuple[int, int]]:
    """Start and width of each run of dark modules ("1") in the pattern."""
    bars = []
    start = None
    for place, module in enumerate(modules + "0"):
        if module == "1" and start is None:
            start = place
        elif module != "1" and start is not None:
            bars.append((start, place - start))
            start = None
    return bars
