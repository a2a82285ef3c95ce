"""Pagination of list endpoints."""

from rest_framework.pagination import CursorPagination, PageNumberPagination


class StandardPagination(PageNumberPagination):
    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100


class NewestFirstPagination(CursorPagination):
    """For lists that grow at their head, where page numbers would shift under the reader."""

    page_size = 10
    ordering = ("-created_at", "-id")
