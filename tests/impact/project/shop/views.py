from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_page

from shop.computing import page_body


def hello(request):
    return HttpResponse("hello")


@cache_page(60)
def cached(request):
    return HttpResponse(str(page_body()))


def page(request):
    return render(request, "page.html", {"name": "page"})
