from django import template

register = template.Library()
MARK = "*"


@register.filter
def marked(value):
    return f"{MARK}{value}"


@register.simple_tag
def footer():
    return "end"
