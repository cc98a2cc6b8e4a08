"""The addresses of the further reports, and asking for them as somebody."""

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

QUARTER = "2016-Q1"


def page(word: str) -> str:
    return reverse("further_report", args=[word])


def file(word: str, format: str) -> str:
    return reverse("further_export", args=[word, format])


def get(client: Client, who: object, address: str, **query: str) -> HttpResponse:
    client.force_login(who)
    return client.get(address, query)
