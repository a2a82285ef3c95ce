"""Routes from decorated functions, as Django Ninja has them."""

from django.http import JsonResponse
from django.urls import path


class Api:
    def __init__(self):
        self.routes = []

    def get(self, route, status=200):
        def decorate(function):
            self.routes.append((route, function, status))
            return function

        return decorate

    @property
    def urls(self):
        return [path(route, self._view(f, status)) for route, f, status in self.routes]

    def _view(self, function, status):
        def view(request, **kwargs):
            return JsonResponse(function(request, **kwargs), status=status)

        return view


api = Api()

SHELVES = {"top": 1}


@api.get("shelves/")
def shelves(request):
    return SHELVES


@api.get("floors/<int:number>/")
def floor(request, number, base=0):
    return {"floor": number + base}
