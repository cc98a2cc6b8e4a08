from django.urls import include, path

from motcua.accounts.views import account, login
from motcua.operations import health
from motcua.web.admin_site import site
from motcua.web.public_pages import robots_txt

urlpatterns = [
    path("", include("dossiers.urls")),
    path("", include("procedures.urls")),
    path("", include("reports.urls")),
    path("robots.txt", robots_txt, name="robots"),
    path("dang-nhap/", login.StaffLogin.as_view(), name="login"),
    path("dang-nhap/ma-xac-thuc/", login.code, name="login_code"),
    path("dang-nhap/mat-khau-moi/", login.first_password, name="login_password"),
    path("dang-nhap/xac-thuc-hai-lop/", login.first_factor, name="login_factor"),
    path("dang-nhap/gui-lai/", login.resume, name="login_resume"),
    path("dang-xuat/", login.StaffLogout.as_view(), name="logout"),
    path("tai-khoan/", account.account, name="account"),
    path("tai-khoan/phim-tat/", account.keys, name="account_keys"),
    path("tai-khoan/mat-khau/", account.password, name="account_password"),
    path("tai-khoan/xac-thuc-hai-lop/", account.factor, name="account_factor"),
    path("tai-khoan/xac-thuc-hai-lop/tat/", account.factor_off, name="account_factor_off"),
    path("tai-khoan/ma-du-phong/", account.codes, name="account_codes"),
    path("suc-khoe/", health.health, name="health"),
    path("suc-khoe/gon/", health.short, name="health_short"),
    path("quan-tri/", site.urls),
]

handler403 = "motcua.accounts.resend.not_allowed"
handler404 = "motcua.accounts.resend.not_found"
handler500 = "motcua.operations.outage.server_error"
