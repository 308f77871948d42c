// SPDX-License-Identifier: Apache-2.0
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/yaml.h"
#include "catalogue/build.h"

#define PATH_BYTES 4096

static const cyaml_schema_value_t *const schemas[ZT_FILE_KINDS] = {
    [ZT_FILE_DEPARTMENTS] = &zt_schema_departments,
    [ZT_FILE_TABLES] = &zt_schema_tables,
    [ZT_FILE_PURPOSES] = &zt_schema_purposes,
    [ZT_FILE_RECORDS] = &zt_schema_records,
    [ZT_FILE_CERTS] = &zt_schema_certs,
    [ZT_FILE_ITEMS] = &zt_schema_items,
    [ZT_FILE_PARTIES] = &zt_schema_parties,
    [ZT_FILE_GRANTS] = &zt_schema_grants,
    [ZT_FILE_LOCKS] = &zt_schema_locks,
};

static struct zt_raw_file *new_file(struct zt_build *b)
{
    if (b->file_count == b->file_cap) {
        size_t cap = b->file_cap ? b->file_cap * 2 : 64;
        struct zt_raw_file *files = realloc(b->files, cap * sizeof *files);
        if (!files)
            return NULL;
        b->files = files;
        b->file_cap = cap;
    }
    struct zt_raw_file *file = &b->files[b->file_count];
    *file = (struct zt_raw_file){0};
    return file;
}

static void read_file(struct zt_build *b, enum zt_file_kind kind, const char *dir, const char *name)
{
    struct zt_raw_file *file = new_file(b);
    if (!file || asprintf(&file->path, "%s/%s", dir, name) < 0) {
        b->err = ZT_E_NOMEM;
        return;
    }
    file->kind = kind;
    file->name = file->path + strlen(dir) + 1;
    b->file_count++;
    struct zt_fault fault = {0};
    if (zt_yaml_load(file->path, schemas[kind], &file->data, &fault) == ZT_OK)
        return;
    b->broken |= 1U << kind;
    zt_report_fault(b, &fault);
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static bool ends_with(const char *name, const char *end)
{
    size_t len = strlen(name), end_len = strlen(end);
    return len > end_len && !strcmp(name + len - end_len, end);
}

// A file that would be passed over in silence is an error: somebody wrote it to be read.
static void complain_name(struct zt_build *b, const char *folder, const char *name)
{
    struct zt_fault fault;
    char place[PATH_BYTES + 512];
    snprintf(place, sizeof place, "%s/%s:1:1", folder, name);
    (void)zt_fault_set(&fault, ZT_E_CONFIG, "catalogue.file-name", place,
                       "only files named *.yaml are read here; rename or remove this one");
    zt_report_fault(b, &fault);
}

static void read_folder(struct zt_build *b, enum zt_file_kind kind, const char *dir, const char *folder)
{
    char path[PATH_BYTES];
    if ((size_t)snprintf(path, sizeof path, "%s/%s", dir, folder) >= sizeof path) {
        b->err = ZT_E_LIMIT;
        return;
    }
    struct dirent **list = NULL;
    int count = scandir(path, &list, is_visible, by_bytes);
    if (count < 0 && errno != ENOENT) {
        struct zt_fault fault;
        (void)zt_fault_errno(&fault, "file.open", path, "cannot read the folder");
        b->broken |= 1U << kind;
        zt_report_fault(b, &fault);
    }
    for (int i = 0; i < count; i++) {
        char name[512];
        snprintf(name, sizeof name, "%s/%s", folder, list[i]->d_name);
        if (ends_with(list[i]->d_name, ".yaml"))
            read_file(b, kind, dir, name);
        else
            complain_name(b, path, list[i]->d_name);
        free(list[i]);
    }
    free(list);
}

static bool is_there(const char *dir, const char *name)
{
    char path[PATH_BYTES];
    return (size_t)snprintf(path, sizeof path, "%s/%s", dir, name) < sizeof path && access(path, F_OK) == 0;
}

void zt_build_read(struct zt_build *b, const char *dir)
{
    read_file(b, ZT_FILE_DEPARTMENTS, dir, "departments.yaml");
    read_folder(b, ZT_FILE_TABLES, dir, "code-tables");
    read_file(b, ZT_FILE_PURPOSES, dir, "purposes.yaml");
    read_folder(b, ZT_FILE_RECORDS, dir, "record-types");
    read_folder(b, ZT_FILE_CERTS, dir, "certificate-types");
    read_folder(b, ZT_FILE_ITEMS, dir, "items");
    if (is_there(dir, "published.yaml"))
        read_file(b, ZT_FILE_LOCKS, dir, "published.yaml");
    if (b->parties_dir) {
        read_folder(b, ZT_FILE_PARTIES, b->parties_dir, "parties");
        read_folder(b, ZT_FILE_GRANTS, b->parties_dir, "grants");
    }
}

void zt_build_free_files(struct zt_build *b)
{
    for (size_t i = 0; i < b->file_count; i++) {
        if (b->files[i].data)
            zt_yaml_free(schemas[b->files[i].kind], &b->files[i].data, 0);
        free(b->files[i].path);
    }
    free(b->files);
    b->files = NULL;
    b->file_count = b->file_cap = 0;
}

const struct zt_raw_file *zt_build_next(const struct zt_build *b, enum zt_file_kind kind,
                                        const struct zt_raw_file *after)
{
    size_t i = after ? (size_t)(after - b->files) + 1 : 0;
    for (; i < b->file_count; i++)
        if (b->files[i].kind == kind && b->files[i].data)
            return &b->files[i];
    return NULL;
}
