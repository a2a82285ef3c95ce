from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.versioning import QueryParameterVersioning


class TextRenderer(BaseRenderer):
    media_type = "text/plain"
    format = "txt"
    separator = ","

    def render(self, data, accepted_media_type=None, renderer_context=None):
        return self.separator.join(map(str, data)).encode()


class LineParser(BaseParser):
    media_type = "text/lines"
    separator = ";"

    def parse(self, stream, media_type=None, parser_context=None):
        return stream.read().decode().split(self.separator)


class Versions(QueryParameterVersioning):
    default_version = "1"
    version_param = "v"
