"""Codes that a machine reads off paper, as SVG of one path each: quick to lay out, sharp to print.

The <title> of each becomes its spoken text, in the page and in the PDF.
"""

from io import BytesIO
from itertools import groupby

import segno
from barcode.codex import Code128
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

QUIET_MODULES = 10  # ISO/IEC 15417: ten modules of white on each side
BAR_HEIGHT = 30  # in modules; the style sheet stretches it to the height it wants


def qr_svg(text: str) -> SafeString:
    """A QR code of the text for a page's own markup; error level M, four modules of white."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(
        out,
        kind="svg",
        xmldecl=False,
        omitsize=True,
        svgclass="qr-code",
        lineclass=None,
        title=f"Mã QR: {text}",
    )
    return mark_safe(out.getvalue().decode().strip())


def code128_svg(text: str) -> SafeString:
    """A Code 128 barcode of the text, quiet zones included, without the text beneath.

    Raises ValueError for a character outside ASCII, which Code 128 cannot hold.
    """
    if not text or not text.isascii():
        raise ValueError("Mã vạch Code 128 chỉ ghi được chữ không dấu và chữ số.")
    path, place = [], QUIET_MODULES
    for module, run in groupby(Code128(text).build()[0]):
        length = len(list(run))
        if module == "1":
            path.append(f"M{place} 0h{length}v{BAR_HEIGHT}h-{length}z")
        place += length
    return mark_safe(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="code128" '
        f'viewBox="0 0 {place + QUIET_MODULES} {BAR_HEIGHT}" preserveAspectRatio="none">'
        f'<title>Mã vạch: {escape(text)}</title><path d="{"".join(path)}"/></svg>'
    )
