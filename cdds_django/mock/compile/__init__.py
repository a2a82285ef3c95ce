"""From a document to what answers need: operations, routes, validators."""
