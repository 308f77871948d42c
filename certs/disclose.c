// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "certs/disclosure.h"
#include "certs/jws.h"
#include "certs/verify.h"

#define ARENA_MAX ((size_t)512 * 1024)

static const struct zt_disclosure *find(const struct zt_disclosure *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].name, name) == 0)
            return &list[i];
    return NULL;
}

static enum zt_err keep(struct zt_bytes compact, const struct zt_jws *jws, const struct zt_disclosure *list,
                        size_t found, const char *const *names, size_t count, struct zt_buf *out,
                        struct zt_fault *fault)
{
    for (size_t i = 0; i < count; i++)
        if (!find(list, found, names[i]))
            return zt_fault_set(fault, ZT_E_ABSENT, "certificate.absent", names[i],
                                "the certificate has no such disclosure");
    zt_buf_put(out, compact.data, compact.len - jws->disclosures.len);
    zt_buf_put_u8(out, '~');
    for (size_t i = 0; i < found; i++) { // in the order of the certificate, each once
        bool wanted = false;
        for (size_t k = 0; k < count; k++)
            wanted = wanted || strcmp(names[k], list[i].name) == 0;
        if (!wanted)
            continue;
        zt_buf_put(out, list[i].text.data, list[i].text.len);
        zt_buf_put_u8(out, '~');
    }
    return out->err;
}

enum zt_err zt_certificate_disclose(struct zt_bytes compact, const char *const *names, size_t count,
                                    struct zt_buf *out, struct zt_fault *fault)
{
    struct zt_disclosure list[ZT_DISCLOSURE_MAX];
    struct zt_arena arena;
    struct zt_jws jws = {.payload = NULL};
    size_t found = 0;
    enum zt_err rc;
    zt_arena_init(&arena, ARENA_MAX);
    ZT_TRY(zt_jws_open(compact, &arena, &jws, fault));
    ZT_TRY(zt_disclosures_parse(jws.disclosures, &arena, list, &found, fault));
    rc = keep(compact, &jws, list, found, names, count, out, fault);
out:
    zt_jws_close(&jws);
    zt_arena_fini(&arena);
    return rc;
}
