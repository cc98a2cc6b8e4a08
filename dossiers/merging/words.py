"""What is said of a merger: who becomes whom, and in how many numbers."""

from collections.abc import Iterator

from dossiers.merging.merge import Preview

NOTHING = "Không có gì phải thay đổi: mọi dòng trong tệp đã như thế từ trước."


def told(shown: Preview, *, done: bool) -> Iterator[str]:
    """The lines of an answer, before or after."""
    plan = shown.plan
    if plan.changes_nothing:
        yield NOTHING
        return
    yield f"Từ ngày {plan.day:%d/%m/%Y}:"
    for new in plan.successors:
        olds = ", ".join(f"{old.name} ({old.code})" for old in new.in_order)
        yield f"- {new.name} ({new.code}) kế thừa {olds}."
    for orphan in plan.orphans:
        yield f"- {orphan.name} ({orphan.code}) kết thúc, không có đơn vị kế thừa."
    for office in plan.staying:
        yield f"- {office.name} ({office.code}) giữ nguyên."
    numbers = shown.counts
    verb = "Đã chuyển" if done else "Sẽ chuyển"
    yield (
        f"{verb} {numbers['staff']} cán bộ, {numbers['divisions']} phòng chuyên môn, "
        f"{numbers['open']} hồ sơ đang giải quyết hoặc chờ trả, {numbers['late']} hồ sơ tiếp nhận "
        f"từ ngày {plan.day:%d/%m/%Y} ở đơn vị đã kết thúc."
    )
    if numbers["waiting"]:
        yield f"{numbers['waiting']} hồ sơ chờ cấp trên phân công."
    if not done:
        yield "Chưa ghi gì."
