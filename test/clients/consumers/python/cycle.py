"""Run beside the generated client, at test time; see ../../generated-clients.spec.ts. JSON comes in and goes out."""

import importlib
import json
import pkgutil
import sys

import client
from client import AuthenticatedClient
from client.api.certificates import create_certificate, update_certificate
from client.api.credentials import list_user_credentials
from client.api.users import create_user
from client.models import (
    AssignableCredentialState,
    CertificateResource,
    CreateCertificateDto,
    CreateUserDto,
    Gender,
    UpdateCertificateDto,
    UserNameDto,
)

given = json.load(sys.stdin)

modules = [module.name for module in pkgutil.walk_packages(client.__path__, "client.")]
for module in modules:
    importlib.import_module(module)


def with_token(token: str, headers: dict[str, str]) -> AuthenticatedClient:
    return AuthenticatedClient(base_url=given["url"], token=token, headers=headers, raise_on_unexpected_status=True)


administrator = with_token(given["token"], {})
user = with_token(given["selfToken"], {"X-Token": given["selfXToken"]})
of_user = ("100", given["extId"])

created_user = create_user.sync(
    "100",
    client=administrator,
    body=CreateUserDto(
        ext_id=given["extId"],
        login_id=given["extId"],
        gender=Gender.FEMALE,
        name=UserNameDto(first_name="Jane", family_name=None),
    ),
)
created = create_certificate.sync(*of_user, client=administrator, body=CreateCertificateDto(certificate=given["pem"]))
of_certificate = (*of_user, created.ext_id)
disabled = update_certificate.sync(
    *of_certificate,
    client=administrator,
    body=UpdateCertificateDto(state_name=AssignableCredentialState.DISABLED, version=created.version),
)
stale = update_certificate.sync(
    *of_certificate,
    client=administrator,
    body=UpdateCertificateDto(state_name=AssignableCredentialState.ACTIVE, version=created.version),
)
by_self = update_certificate.sync(
    *of_certificate, client=user, body=UpdateCertificateDto(modification_comment="by the user")
)
page = list_user_credentials.sync(*of_user, client=administrator)

json.dump(
    {
        "gender": created_user.gender,
        "states": [created.state_name, disabled.state_name],
        "subjects": [item.subject_dn for item in page.items if isinstance(item, CertificateResource)],
        "refusedWith": [error.code for error in stale.errors],
        "comment": by_self.modification_comment,
    },
    sys.stdout,
)
