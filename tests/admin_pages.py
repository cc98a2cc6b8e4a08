"""Pages of the administration as a browser sends them back."""

import re

from django.test import Client
from django.urls import reverse

from procedures.models import ProcedureVersion


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return response.content.decode()


def sent_back(response: object) -> dict[str, str]:
    """What a browser would send if the form on the page were submitted as it is."""
    data: dict[str, str] = {}
    for form in response.context["adminform"], *response.context["inline_admin_formsets"]:
        forms = (
            [form.form]
            if hasattr(form, "form")
            else [form.formset.management_form, *form.formset.forms]
        )
        for one in forms:
            for field in one:
                value = field.value()
                if value is True:
                    data[field.html_name] = "on"
                elif value is not None and value is not False and value != "":
                    data[field.html_name] = str(
                        field.field.widget.format_value(value)
                        if not hasattr(field.field, "choices")
                        else value
                    )
    return data


def change(client: Client, address: str, /, **values: str) -> object:
    data = {**sent_back(client.get(address)), **values}
    return client.post(
        address, {name: value for name, value in data.items() if value != ""}, follow=True
    )


def errors(response: object) -> list[str]:
    found = re.findall(
        r'<ul class="errorlist[^>]*>(.*?)</ul>', response.content.decode(), re.DOTALL
    )
    return [re.sub(r"<[^>]+>", " ", item).strip() for item in found]


def version_page(version: ProcedureVersion) -> str:
    return reverse("admin:procedures_procedureversion_change", args=[version.pk])
