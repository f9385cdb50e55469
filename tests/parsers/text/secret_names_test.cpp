#include "parsers/text/secret_names.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace driftkeeper;

TEST_CASE("a name looks secret by its words, in every spelling") {
    for (const char* name : {"password",
                             "db_password",
                             "dbPassword",
                             "DBPassword",
                             "db.password",
                             "DB_PASSWORD",
                             "dbpassword",
                             "password2",
                             "passwd_file",
                             "pwd",
                             "client-secret",
                             "authToken",
                             "API_KEY",
                             "apiKey",
                             "APIKey",
                             "apikey",
                             "x-api-key",
                             "private_key",
                             "tls.key",
                             "tls_key",
                             "ssh_key",
                             "client-key-data",
                             "access_key_id",
                             "secret_id",
                             "secretId",
                             "credentials",
                             "connection_string",
                             "connectionString",
                             "ConnectionStrings",
                             "conn_str",
                             "jwt",
                             "SENTRY_DSN",
                             "auth",
                             "basic_auth",
                             "authorization",
                             "Authorization",
                             "bearer",
                             "cookie",
                             "session_cookie",
                             "pass",
                             "db_pass",
                             "psk",
                             "sas",
                             "sas_url",
                             "webhook_url",
                             "SLACK_WEBHOOK_URL",
                             "kubeconfig",
                             ".dockerconfigjson",
                             "STRIPE_KEY",
                             "license_key",
                             "AccountKey",
                             "--token",
                             "spring.datasource.password",
                             "secret_key_base"}) {
        CAPTURE(name);
        CHECK(looksSecret(name));
    }
}

TEST_CASE("what names, describes or limits a secret, or only sounds like one, looks plain") {
    for (const char* name : {"",
                             "-",
                             "key",
                             "key_name",
                             "kms_key_id",
                             "kms_key_arn",
                             "KMS_KEY",
                             "KmsMasterKeyId",
                             "encryption_key_id",
                             "public_key",
                             "ssh_public_key",
                             "PRIMARY_KEY",
                             "hash_key",
                             "partition_key",
                             "token_ttl",
                             "token_url",
                             "tokenRequests",
                             "token_expiration",
                             "password_length",
                             "password_policy",
                             "minPasswordLength",
                             "secret_name",
                             "secretName",
                             "secretRef",
                             "secretKeyRef",
                             "secret_arn",
                             "secret_version",
                             "auth_type",
                             "auth_method",
                             "cookie_name",
                             "pass_through",
                             "bypass",
                             "compass",
                             "monkey",
                             "tokenizer",
                             "secretary",
                             "apis_key",
                             "string_connection",
                             "author",
                             "authority",
                             "keys",
                             "s3",
                             "valueFrom"}) {
        CAPTURE(name);
        CHECK_FALSE(looksSecret(name));
    }
}

TEST_CASE("a reference says where a secret lies") {
    for (const char* name : {"name", "secretName", "key", "kind", "apiVersion", "mountPath",
                             "valueFrom", "namespace", "secretRef", "image", "verbs"}) {
        CAPTURE(name);
        CHECK(isReference(name));
    }
    for (const char* name : {"value", "password", "user", "data", ""}) {
        CAPTURE(name);
        CHECK_FALSE(isReference(name));
    }
}

TEST_CASE("a long name is read to its end") {
    CHECK(looksSecret(std::string(10'000, 'a') + "_password"));
    CHECK_FALSE(looksSecret("password_" + std::string(10'000, 'a')));
}
