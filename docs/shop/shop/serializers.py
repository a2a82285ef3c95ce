from rest_framework import serializers

from shop.models import Order, Product
from shop.prices import total_of


class ProductSerializer(serializers.ModelSerializer):
    class Meta:
        model = Product
        fields = ["id", "name", "price", "stock"]


class OrderSerializer(serializers.ModelSerializer):
    class Meta:
        model = Order
        fields = ["id", "product", "quantity", "total", "note"]
        read_only_fields = ["total"]

    def validate(self, attrs):
        if attrs["quantity"] > attrs["product"].stock:
            raise serializers.ValidationError({"quantity": "There are not so many."})
        return attrs

    def create(self, validated_data):
        total = total_of(validated_data["product"].price, validated_data["quantity"])
        return super().create({**validated_data, "total": total})
