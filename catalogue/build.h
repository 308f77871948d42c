// SPDX-License-Identifier: Apache-2.0
// The work of one load: files read, references joined, every error noted with its place.
//
// Rules: the link functions go on after an error, so that one run finds them all; what they cannot join stays
// NULL and the catalogue is thrown away in the end. Trouble of our own (out of memory) is sticky in `err`.
#ifndef ZT_CATALOGUE_BUILD_H
#define ZT_CATALOGUE_BUILD_H

#include "catalogue/model.h"
#include "catalogue/raw.h"

enum zt_file_kind {
    ZT_FILE_DEPARTMENTS,
    ZT_FILE_TABLES,
    ZT_FILE_PURPOSES,
    ZT_FILE_RECORDS,
    ZT_FILE_CERTS,
    ZT_FILE_ITEMS,
    ZT_FILE_PARTIES,
    ZT_FILE_GRANTS,
    ZT_FILE_LOCKS,
    ZT_FILE_KINDS
};

struct zt_raw_file {
    enum zt_file_kind kind;
    char *path;       // as opened; owned
    const char *name; // inside of path, relative to its folder: "record-types/tax.yaml"
    void *data;       // struct zt_raw_...; NULL when the file did not load
};

struct zt_build {
    struct zt_catalogue *c;
    struct zt_faults *faults;
    struct zt_raw_file *files;
    size_t file_count, file_cap;
    const char *parties_dir; // or NULL
    unsigned broken;         // bits (1 << kind): a file of it did not load, so unknown names are no news
    enum zt_err err;
};

// files.c
void zt_build_read(struct zt_build *b, const char *dir); // all files; errors are noted
void zt_build_free_files(struct zt_build *b);
const struct zt_raw_file *zt_build_next(const struct zt_build *b, enum zt_file_kind kind,
                                        const struct zt_raw_file *after);

// report.c
struct zt_place {
    const struct zt_raw_file *file;
    char node[192]; // "record_types[3].fields[2].table"
};
struct zt_place zt_place_of(const struct zt_raw_file *file, const char *fmt, ...) ZT_PRINTF(2, 3);
struct zt_place zt_place_in(const struct zt_place *parent, const char *fmt, ...) ZT_PRINTF(2, 3);
void zt_report(struct zt_build *b, const struct zt_place *at, const char *rule, const char *fmt, ...)
    ZT_PRINTF(4, 5);
// "unknown record type 'x'; did you mean 'y'?", silent when a file of `kind` is broken.
void zt_report_unknown(struct zt_build *b, const struct zt_place *at, enum zt_file_kind kind,
                       const char *what, const char *name, const struct zt_index *known);
void zt_report_fault(struct zt_build *b, const struct zt_fault *fault);
struct zt_fault *zt_faults_add(struct zt_faults *faults); // NULL: out of memory, or more than we keep

// keep.c: copies into the catalogue's arena
const char *zt_keep(struct zt_build *b, const char *text); // NULL becomes ""
void *zt_room(struct zt_build *b, size_t count, size_t size);
void zt_room_index(struct zt_build *b, struct zt_index *index, size_t max);

// check.c: rules that many kinds share; they report and return whether the rule holds
bool zt_text_is(const char *text); // there, and not empty
bool zt_check_text(struct zt_build *b, const struct zt_place *entry, const char *key, const char *text);
bool zt_check_name(struct zt_build *b, const struct zt_place *entry, const char *key, const char *name);
bool zt_check_uscc(struct zt_build *b, const struct zt_place *at, const char *uscc);
bool zt_check_date(struct zt_build *b, const struct zt_place *at, const char *date);
// Puts an entry under its name; false and a fault when the name is taken or malformed.
bool zt_enter(struct zt_build *b, const struct zt_place *entry, const char *key, struct zt_index *index,
              const char *name, const void *value);
// Which word of a list of `count` it is; -1 and a fault that lists them.
int zt_check_word(struct zt_build *b, const struct zt_place *at, const char *rule, const char *word,
                  const char *const *words, size_t count);
// Purposes of an item or a grant.
const struct zt_purpose **zt_link_purposes(struct zt_build *b, const struct zt_place *entry, char **codes,
                                           unsigned count);

// link_*.c, in this order
void zt_link_departments(struct zt_build *b);
void zt_link_tables(struct zt_build *b);
void zt_link_purposes_file(struct zt_build *b);
void zt_link_records(struct zt_build *b);
void zt_check_locks(struct zt_build *b); // tags that were published
void zt_link_certs(struct zt_build *b);
void zt_link_items(struct zt_build *b);
void zt_link_parties(struct zt_build *b);
void zt_link_grants(struct zt_build *b);

void zt_link_field(struct zt_build *b, const struct zt_place *at, const struct zt_raw_field *raw,
                   unsigned record_grade, struct zt_field_type *field);
void zt_link_subjects(struct zt_build *b, const struct zt_place *record, const struct zt_raw_record *raw,
                      struct zt_record_type *type);
void zt_link_cert_rules(struct zt_build *b, const struct zt_place *cert, const struct zt_raw_cert *raw,
                        struct zt_cert_type *type);
void zt_link_cert_fields(struct zt_build *b, const struct zt_place *cert, const struct zt_raw_cert *raw,
                         struct zt_cert_type *type);
void zt_link_party_keys(struct zt_build *b, const struct zt_place *at, const struct zt_raw_party *raw,
                        struct zt_party *party);
void zt_link_sources(struct zt_build *b);

// digest.c
ZT_MUST_USE enum zt_err zt_build_digest(struct zt_build *b);

#endif
