from django.contrib.auth import views as auth
from django.urls import include, path
from django.views.generic import TemplateView

from motcua import health
from motcua.admin_site import site
from motcua.public import robots_txt
from motcua.views import StaffLogin

urlpatterns = [
    path("", include("dossiers.urls")),
    path("", include("procedures.urls")),
    path("", include("reports.urls")),
    path("robots.txt", robots_txt, name="robots"),
    path("dang-nhap/", StaffLogin.as_view(), name="login"),
    path("dang-xuat/", auth.LogoutView.as_view(next_page="login"), name="logout"),
    path("tro-giup/", TemplateView.as_view(template_name="motcua/help.html"), name="help"),
    path("suc-khoe/", health.health, name="health"),
    path("suc-khoe/gon/", health.short, name="health_short"),
    path("quan-tri/", site.urls),
]
