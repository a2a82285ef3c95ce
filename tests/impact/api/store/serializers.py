from rest_framework import serializers

from store.models import Author, Book, Supplier


class AuthorSerializer(serializers.ModelSerializer):
    class Meta:
        model = Author
        fields = ["id", "name"]


class BookSerializer(serializers.ModelSerializer):
    author = AuthorSerializer(read_only=True)
    price = serializers.IntegerField(min_value=0, default=5)

    class Meta:
        model = Book
        fields = ["id", "title", "price", "author"]


class BriefSerializer(BookSerializer):
    class Meta(BookSerializer.Meta):
        fields = ["title"]


def serializer_for(fields):
    """Make a serializer of some fields."""
    meta = type("Meta", (), {"model": Supplier, "fields": fields})
    return type("SupplierSerializer", (serializers.ModelSerializer,), {"Meta": meta})


SupplierSerializer = serializer_for(["city"])
