from django import template

register = template.Library()


class ShoutNode(template.Node):
    def __init__(self, name):
        self.name = name

    def render(self, context):
        return self.name.resolve(context).upper()


def argument(parser, token):
    return parser.compile_filter(token.split_contents()[1])


@register.tag
def shout(parser, token):
    return ShoutNode(argument(parser, token))
