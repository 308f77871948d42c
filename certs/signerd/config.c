// SPDX-License-Identifier: Apache-2.0
#include "certs/signerd/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/yaml.h"

#define TEXT_MAX   1024
#define ORIGIN_MAX 127 // certs/note.h
#define IPC        "ipc://"
#define SOCKET_MAX (sizeof(((struct sockaddr_un *)0)->sun_path) - 1)

#define TEXT(member)                                                                                         \
    CYAML_FIELD_STRING_PTR(#member, CYAML_FLAG_POINTER, struct zt_signer_config, member, 1, TEXT_MAX)

static const cyaml_schema_field_t keys[] = {TEXT(keys), TEXT(state), TEXT(socket), TEXT(origin),
                                            CYAML_FIELD_END};
static const cyaml_schema_value_t schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct zt_signer_config, keys),
};

static enum zt_err refuse(struct zt_fault *fault, const char *file, const char *node, const char *rule,
                          const char *text)
{
    char place[sizeof fault->place];
    unsigned line = 0, column = 0;
    if (zt_yaml_locate(file, node, &line, &column) == ZT_OK)
        snprintf(place, sizeof place, "%s:%u:%u", file, line, column);
    else
        snprintf(place, sizeof place, "%s", file);
    return zt_fault_set(fault, ZT_E_CONFIG, rule, place, "%s: %s", node, text);
}

static enum zt_err check(const struct zt_signer_config *config, const char *file, struct zt_fault *fault)
{
    const char *path = config->socket + strlen(IPC);
    if (strncmp(config->socket, IPC, strlen(IPC)) != 0 || *path == 0 || *path == '@' || *path == '*')
        return refuse(fault, file, "socket", "config.socket", "must be ipc:// and the path of a socket file");
    if (strlen(path) > SOCKET_MAX)
        return refuse(fault, file, "socket", "config.socket", "the path is longer than 107 characters");
    if (strlen(config->origin) > ORIGIN_MAX || strpbrk(config->origin, " +\t\r\n"))
        return refuse(fault, file, "origin", "config.origin",
                      "must be at most 127 characters without blanks and '+'");
    return ZT_OK;
}

// Puts the folder of `file` before a path that does not start with '/'.
static enum zt_err make_whole(const char *file, char **path)
{
    const char *slash = strrchr(file, '/');
    if (**path == '/' || !slash)
        return ZT_OK;
    char *whole = NULL;
    if (asprintf(&whole, "%.*s/%s", (int)(slash - file), file, *path) < 0)
        return ZT_E_NOMEM;
    free(*path);
    *path = whole;
    return ZT_OK;
}

enum zt_err zt_signer_config_load(const char *path, struct zt_signer_config **config, struct zt_fault *fault)
{
    void *data = NULL;
    enum zt_err rc = zt_yaml_load(path, &schema, &data, fault);
    if (rc != ZT_OK)
        return rc;
    struct zt_signer_config *loaded = data;
    ZT_TRY(check(loaded, path, fault));
    ZT_TRY(make_whole(path, &loaded->keys));
    ZT_TRY(make_whole(path, &loaded->state));
    *config = loaded;
    loaded = NULL;
out:
    zt_signer_config_free(&loaded);
    return rc;
}

void zt_signer_config_free(struct zt_signer_config **config)
{
    void *data = *config;
    if (data)
        zt_yaml_free(&schema, &data, 0);
    *config = NULL;
}

enum zt_err zt_signer_folder_check(const char *path, const char *rule, struct zt_fault *fault)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return zt_fault_errno(fault, rule, path, "the folder cannot be looked at");
    if (!S_ISDIR(info.st_mode) || info.st_uid != geteuid() || (info.st_mode & 077))
        return zt_fault_set(fault, ZT_E_CONFIG, rule, path,
                            "must be a folder of our own that nobody else may enter: chmod 0700");
    return ZT_OK;
}

enum zt_err zt_signer_socket_check(const char *endpoint, struct zt_fault *fault)
{
    char folder[SOCKET_MAX + 1];
    const char *path = endpoint + strlen(IPC), *slash = strrchr(path, '/');
    if (slash == path)
        return zt_signer_folder_check("/", "signer.folder", fault);
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
    return zt_signer_folder_check(folder, "signer.folder", fault);
}
