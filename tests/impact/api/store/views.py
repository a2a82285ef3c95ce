from django.http import JsonResponse
from django.shortcuts import render
from rest_framework import generics, viewsets
from rest_framework.decorators import action, api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from store.filters import ByPrice
from store.formats import LineParser, TextRenderer, Versions
from store.mixins import Labelled
from store.models import Author, Book, Supplier
from store.security import Generous, MayWrite
from store.serializers import (
    AuthorSerializer,
    BookSerializer,
    BriefSerializer,
    SupplierSerializer,
)


class BookViewSet(Labelled, viewsets.ModelViewSet):
    queryset = Book.objects.all()
    serializer_class = BookSerializer
    permission_classes = [MayWrite]
    filter_backends = [ByPrice]

    def perform_create(self, serializer):
        author = Author.objects.get_or_create(name="Unknown")[0]
        serializer.save(author=author)

    @action(detail=False, url_path="brief")
    def brief(self, request):
        return Response(BriefSerializer(self.get_queryset(), many=True).data)


class AuthorList(generics.ListCreateAPIView):
    queryset = Author.objects.all()
    serializer_class = AuthorSerializer
    pagination_class = None


class SupplierList(generics.ListAPIView):
    queryset = Supplier.objects.order_by("pk")
    serializer_class = SupplierSerializer
    pagination_class = None


class Lines(APIView):
    renderer_classes = [TextRenderer]
    parser_classes = [LineParser]
    versioning_class = Versions
    throttle_classes = [Generous]

    def get(self, request):
        return Response(["version", request.version])

    def post(self, request):
        return Response(request.data)


@api_view(["GET"])
@permission_classes([AllowAny])
def ping(request):
    return Response("pong")


async def status(request):
    return JsonResponse({"status": "up"})


def page(request):
    return render(request, "page.html", {"words": ["one", "two"]})


def isbn(request, number):
    return JsonResponse({"isbn": number})
