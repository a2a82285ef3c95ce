from django.http import HttpResponse
from django.shortcuts import render


def hello(request):
    return HttpResponse("hello")


def page(request):
    return render(request, "page.html", {"name": "page"})
