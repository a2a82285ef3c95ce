class Labelled:
    label = "plain"

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        response["X-Label"] = self.label
        return response
