# The vault of compose.yaml: OpenBao on one node. On its first start it makes what is below `initialize`, and nobody ever
# gets a root token; on every start it unseals itself with a key from a file.

storage "raft" {
  path    = "/openbao/file"
  node_id = "openbao"
}

listener "tcp" {
  address         = "0.0.0.0:8200"
  cluster_address = "127.0.0.1:8201"
  tls_cert_file   = "/run/secrets/openbao.pem"
  tls_key_file    = "/run/secrets/openbao-key.pem"
}

api_addr     = "https://openbao:8200"
cluster_addr = "https://127.0.0.1:8201"

# Whoever has this key and the volume has the secrets. Where you have a key management service, use its seal instead.
seal "static" {
  current_key_id = "1"
  current_key    = "file:///run/secrets/openbao-seal-key"
}

initialize "certkeep" {
  request "mount" {
    operation = "update"
    path      = "sys/mounts/secret"
    data = {
      type    = "kv"
      options = { version = "2" }
    }
  }

  # The same as in docs/settings.md.
  request "policy" {
    operation = "update"
    path      = "sys/policies/acl/certkeep"
    data = {
      policy = <<-EOT
        path "secret/data/accounts/*"     { capabilities = ["create", "update", "read"] }
        path "secret/metadata/accounts/*" { capabilities = ["create", "update", "read", "list", "delete"] }
        path "secret/delete/accounts/*"   { capabilities = ["update"] }
        path "secret/destroy/accounts/*"  { capabilities = ["update"] }
      EOT
    }
  }

  request "approle" {
    operation = "update"
    path      = "sys/auth/approle"
    data      = { type = "approle" }
  }

  request "role" {
    operation = "update"
    path      = "auth/approle/role/certkeep"
    data = {
      role_id        = "certkeep"
      token_policies = ["certkeep"]
      token_ttl      = "1h"
    }
  }

  request "secret-id" {
    operation = "update"
    path      = "auth/approle/role/certkeep/custom-secret-id"
    data = {
      secret_id = {
        eval_source = "file"
        eval_type   = "string"
        path        = "/run/secrets/vault-secret-id"
      }
    }
  }
}
