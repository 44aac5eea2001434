"""Bodies that Schemathesis cannot write itself."""

import schemathesis


@schemathesis.serializer("application/pkix-crl")
def pkix_crl(_context, value):
    """A CRL is sent as it is."""
    return value if isinstance(value, bytes) else str(value).encode()
