"""A responder of the `cryptography` package: reads one JSON line from its input, and prints the DER in base64.

Members: request and issuer (base64 DER), certificates (base64 DER by serial number), signer (base64 DER),
key (PEM), and how to answer.
"""

import base64
import datetime
import json
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp

HASHES = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}


def certificate(text):
    return x509.load_der_x509_certificate(base64.b64decode(text))


def answer(order):
    if "refusal" in order:
        return ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus[order["refusal"]])
    request = ocsp.load_der_ocsp_request(base64.b64decode(order["request"]))
    subject = certificate(order["subject"])
    if request.serial_number != subject.serial_number or len(request.extensions) > 0:
        raise ValueError("another request was expected")
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    status = ocsp.OCSPCertStatus[order["status"]]
    is_revoked = status == ocsp.OCSPCertStatus.REVOKED
    reason = order.get("reason")
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=subject,
        issuer=certificate(order["issuer"]),
        algorithm=HASHES[order["digest"]],
        cert_status=status,
        this_update=now,
        next_update=now + datetime.timedelta(hours=1) if order["nextUpdate"] else None,
        revocation_time=datetime.datetime(2026, 4, 1, tzinfo=datetime.timezone.utc) if is_revoked else None,
        revocation_reason=x509.ReasonFlags[reason] if reason else None,
    )
    signer = certificate(order["signer"])
    encoding = ocsp.OCSPResponderEncoding.HASH if order["byKey"] else ocsp.OCSPResponderEncoding.NAME
    builder = builder.responder_id(encoding, signer)
    if order["certificates"]:
        builder = builder.certificates([certificate(one) for one in order["certificates"]])
    if order["nonce"]:
        builder = builder.add_extension(x509.OCSPNonce(b"nobody asked for"), critical=False)
    key = serialization.load_pem_private_key(order["key"].encode(), password=None)
    return builder.sign(key, HASHES[order["signature"]] if order["signature"] else None)


for line in sys.stdin:
    response = answer(json.loads(line))
    print(base64.b64encode(response.public_bytes(serialization.Encoding.DER)).decode(), flush=True)
