from rest_framework.filters import BaseFilterBackend


class ByPrice(BaseFilterBackend):
    parameter = "max"

    def filter_queryset(self, request, queryset, view):
        limit = request.GET.get(self.parameter)
        return queryset.filter(price__lte=limit) if limit else queryset
