"""Bodies that Schemathesis cannot write itself."""

import json

import schemathesis


@schemathesis.serializer("application/pkix-crl")
def pkix_crl(_context, value):
    """A CRL is sent as it is."""
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.serializer("application/x-ndjson")
def ndjson(_context, value):
    """The schema is that of a line."""
    return value if isinstance(value, bytes) else json.dumps(value).encode() + b"\n"


@schemathesis.serializer("text/csv")
def csv(_context, value):
    """The names of the columns, and one row."""
    if not isinstance(value, dict):
        return value if isinstance(value, bytes) else str(value).encode()
    cells = [json.dumps(str(cell), ensure_ascii=False).replace('\\"', '""') for cell in value.values()]
    return (",".join(value) + "\n" + ",".join(cells) + "\n").encode(errors="replace")
