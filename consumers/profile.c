// SPDX-License-Identifier: Apache-2.0
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/yaml.h"
#include "consumers/client.h"

#define NEEDED(member)                                                                                       \
    CYAML_FIELD_STRING_PTR(#member, CYAML_FLAG_POINTER, struct zt_profile, member, 1, PATH_MAX - 1)
#define OPTION(member)                                                                                       \
    CYAML_FIELD_STRING_PTR(#member, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct zt_profile, member, 1,  \
                           PATH_MAX - 1)

static const cyaml_schema_field_t fields[] = {
    NEEDED(party), NEEDED(key),        NEEDED(server_public), OPTION(counter),   OPTION(desk),
    OPTION(trust), OPTION(ledger_key), OPTION(officer),       OPTION(catalogue), CYAML_FIELD_END};
static const cyaml_schema_value_t schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct zt_profile, fields)};

// Exchanges a relative path for one that starts where the file stands. libcyaml's strings are malloc'ed, and
// so is ours.
static enum zt_err resolve(const char *file, char **path, struct zt_fault *fault)
{
    const char *slash = strrchr(file, '/');
    if (!*path || **path == '/' || !slash)
        return ZT_OK;
    char *joined = NULL;
    if (asprintf(&joined, "%.*s/%s", (int)(slash - file), file, *path) < 0)
        return zt_fault_set(fault, ZT_E_NOMEM, "profile.memory", file, "out of memory");
    free(*path);
    *path = joined;
    return ZT_OK;
}

static enum zt_err check(const char *file, const struct zt_profile *profile, struct zt_fault *fault)
{
    if (strlen(profile->party) >= ZT_USER_ID_MAX)
        return zt_fault_set(fault, ZT_E_CONFIG, "profile.party", file, "a party id has at most %d characters",
                            ZT_USER_ID_MAX - 1);
    const char *endpoints[] = {profile->counter, profile->desk};
    for (size_t i = 0; i < 2; i++)
        if (endpoints[i] && strlen(endpoints[i]) >= ZT_ENDPOINT_MAX)
            return zt_fault_set(fault, ZT_E_CONFIG, "profile.endpoint", file,
                                "an endpoint has at most %d characters", ZT_ENDPOINT_MAX - 1);
    return ZT_OK;
}

enum zt_err zt_profile_load(const char *path, struct zt_profile **profile, struct zt_fault *fault)
{
    void *data = NULL;
    enum zt_err rc = zt_yaml_load(path, &schema, &data, fault);
    if (rc != ZT_OK)
        return rc;
    struct zt_profile *loaded = data;
    ZT_TRY(check(path, loaded, fault));
    ZT_TRY(resolve(path, &loaded->key, fault));
    ZT_TRY(resolve(path, &loaded->server_public, fault));
    ZT_TRY(resolve(path, &loaded->trust, fault));
    ZT_TRY(resolve(path, &loaded->ledger_key, fault));
    ZT_TRY(resolve(path, &loaded->catalogue, fault));
    *profile = loaded;
    loaded = NULL;
out:
    zt_profile_free(&loaded);
    return rc;
}

void zt_profile_free(struct zt_profile **profile)
{
    void *data = *profile;
    if (data)
        zt_yaml_free(&schema, &data, 0);
    *profile = NULL;
}
