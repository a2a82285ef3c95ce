from django import forms

from store.models import Book


class BookForm(forms.ModelForm):
    prefix_label = "Book"

    class Meta:
        model = Book
        fields = ["title", "price"]


class SearchForm(forms.Form):
    words = forms.CharField(max_length=10)
