"""A citizen's rating of the service: asked once the dossier has ended, given once, changed within
a day. What citizens judge: NĐ 61/2018/NĐ-CP Điều 31; scores 2, 1, 0: TT 01/2018/TT-VPCP Điều 14.
"""

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction

from dossiers.models import Dossier, Rating, RatingCriterion, RatingScore
from dossiers.rules.states import ENDED, State
from motcua import clock

CHANGE_WITHIN = timedelta(hours=24)

ARTICLE_31 = "NĐ 61/2018/NĐ-CP Điều 31"
INDEX = "TT 01/2018/TT-VPCP Điều 14, chỉ số {}; " + ARTICLE_31
# The questions follow the law; their wording and that of the answers is the program's own.
SHIPPED = (
    (
        "thoi-gian",
        "Thời gian giải quyết hồ sơ",
        ("sớm hơn ngày hẹn", "đúng ngày hẹn", "trễ hơn ngày hẹn"),
        INDEX.format(1),
    ),
    (
        "so-lan",
        "Số lần phải liên hệ với bộ phận một cửa để hoàn thiện hồ sơ",
        ("không phải liên hệ thêm", "một lần", "hơn một lần"),
        INDEX.format(3),
    ),
    (
        "so-co-quan",
        "Số cơ quan phải liên hệ để hoàn thiện hồ sơ",
        ("không phải đến cơ quan nào", "chỉ bộ phận một cửa", "hơn một cơ quan"),
        INDEX.format(4),
    ),
    (
        "thai-do",
        "Thái độ phục vụ của cán bộ",
        ("hài lòng", "bình thường", "không hài lòng"),
        INDEX.format(7),
    ),
    (
        "cong-khai",
        "Thông tin về thủ tục được công khai",
        ("đúng và đủ", "còn thiếu", "sai, hoặc không tìm thấy"),
        ARTICLE_31,
    ),
    (
        "giai-thich",
        "Cán bộ hướng dẫn, giải thích",
        ("rõ ràng, đầy đủ", "tạm được", "khó hiểu, hoặc không giải thích"),
        ARTICLE_31,
    ),
    (
        "chi-phi",
        "Kết quả và các khoản phải nộp",
        ("đúng quy định", "chưa rõ", "không đúng quy định"),
        ARTICLE_31,
    ),
)


class RatingRefused(Exception):
    """Why this cannot be rated now, as a Vietnamese sentence."""


def load_criteria() -> int:
    """Create the shipped questions that are missing; what an administrator changed stays."""
    created = 0
    for position, (code, question, answers, source) in enumerate(SHIPPED, start=1):
        _, new = RatingCriterion.objects.get_or_create(
            code=code,
            defaults={
                "question": question,
                **{f"words_{2 - at}": words for at, words in enumerate(answers)},
                "source": source,
                "position": position,
            },
        )
        created += new
    return created


def may_be_rated(dossier: Dossier) -> bool:
    return dossier.current_state in ENDED


def rating_of(dossier: Dossier) -> Rating | None:
    return Rating.objects.filter(dossier=dossier).prefetch_related("scores").first()


def may_still_change(rating: Rating) -> bool:
    """Within 24 hours of the first time."""
    return clock.now() - rating.rated_at < CHANGE_WITHIN


@transaction.atomic
def rate(dossier: Dossier, scores: Mapping[RatingCriterion, int], comment: str = "") -> Rating:
    """Keep the citizen's answers, or put them in the place of those given within the last day.

    Two forms sent at once make one rating. Raises RatingRefused with a sentence for a dossier
    that goes on, for answers that are none, and for a rating that is older.
    """
    locked = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    if State(locked.state) not in ENDED:
        raise RatingRefused(
            "Hồ sơ chưa kết thúc nên chưa đánh giá được. Mời ông/bà quay lại khi đã có kết quả."
        )
    comment = comment.strip()
    if not scores and not comment:
        raise RatingRefused("Mời ông/bà chọn câu trả lời cho ít nhất một câu hỏi, hoặc ghi góp ý.")
    now = clock.now()
    rating = Rating.objects.filter(dossier=locked).first()
    if rating is None:
        rating = Rating(
            dossier=locked, office_id=locked.office_id, rated_at=now, rated_on=now.date()
        )
    elif may_still_change(rating):
        rating.changed_at = now
    else:
        raise RatingRefused(
            "Đánh giá của ông/bà đã ghi quá 24 giờ nên không sửa được nữa. "
            "Mời ông/bà góp ý trực tiếp tại bộ phận một cửa."
        )
    rating.comment = comment
    rating.save()
    rating.scores.all().delete()
    RatingScore.objects.bulk_create(
        RatingScore(rating=rating, criterion=criterion, score=score)
        for criterion, score in scores.items()
    )
    return rating
