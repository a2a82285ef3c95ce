from rest_framework.throttling import SimpleRateThrottle


class QuoteThrottle(SimpleRateThrottle):
    """Quotes are open to everybody and cost queries; one budget per address, logged in or not."""

    scope = "quotes"

    def get_cache_key(self, request, view) -> str:
        ident = self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": ident}
