"""Write the Python client's generated half from docs/openapi.json: `python -m tools.client`.

Prevents: a client that lags behind its server. The models come from datamodel-code-generator; the methods are written
here, since the generators that also write methods either misread this document (openapi-python-client fails at run
time on a body of several media types, and makes a class of every map) or bring ten thousand lines with them.
"""
