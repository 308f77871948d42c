// SPDX-License-Identifier: Apache-2.0
// The names of the enums of the contract, for configuration, logs and --json.
#include <string.h>

#include "proto/ledger.h"
#include "proto/lookup.h"

#define UNKNOWN "unknown"

// Index = value; a missing name is a value that does not exist.
static const char *const mode_names[] = {
    [ZT_MODE_VERIFY] = "verify",
    [ZT_MODE_FETCH] = "fetch",
    [ZT_MODE_ISSUE] = "issue",
    [ZT_MODE_RESOLVE] = "resolve",
};
static const char *const status_names[] = {
    [ZT_STATUS_INVALID] = "invalid", [ZT_STATUS_OK] = "ok",         [ZT_STATUS_NONE] = "none",
    [ZT_STATUS_UNKNOWN] = "unknown", [ZT_STATUS_DENIED] = "denied", [ZT_STATUS_TROUBLE] = "trouble",
};
static const char *const kind_names[] = {
    [ZT_ENTRY_ANSWER] = "answer", [ZT_ENTRY_DENIAL] = "denial", [ZT_ENTRY_INTENT] = "intent",
    [ZT_ENTRY_ISSUE] = "issue",   [ZT_ENTRY_REVOKE] = "revoke", [ZT_ENTRY_PRESENT] = "present",
    [ZT_ENTRY_ADMIN] = "admin",   [ZT_ENTRY_AUDIT] = "audit",   [ZT_ENTRY_CONFIG] = "config",
};
static const char *const fresh_names[] = {
    [ZT_FRESH_UNKNOWN] = "unknown",
    [ZT_FRESH] = "fresh",
    [ZT_STALE] = "stale",
};
static const char *const verdict_names[] = {
    [ZT_VERDICT_UNKNOWN] = "unknown",
    [ZT_MATCH] = "match",
    [ZT_MISMATCH] = "mismatch",
};
static const char *const state_names[] = {
    [ZT_STATE_VALID] = "valid",
    [ZT_STATE_CHANGED] = "changed",
    [ZT_STATE_REVOKED] = "revoked",
    [ZT_STATE_CANCELLED] = "cancelled",
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

static const char *name_of(const char *const *names, size_t count, size_t value)
{
    return value < count && names[value] ? names[value] : UNKNOWN;
}

static enum zt_err value_of(const char *const *names, size_t count, const char *name, size_t *value)
{
    for (size_t i = 0; i < count; i++) {
        if (names[i] && strcmp(names[i], name) == 0) {
            *value = i;
            return ZT_OK;
        }
    }
    return ZT_E_INPUT;
}

const char *zt_mode_name(enum zt_mode mode)
{
    return name_of(mode_names, COUNT(mode_names), (size_t)mode);
}

enum zt_err zt_mode_parse(const char *name, enum zt_mode *mode)
{
    size_t value;
    enum zt_err rc = value_of(mode_names, COUNT(mode_names), name, &value);
    if (rc == ZT_OK)
        *mode = (enum zt_mode)value;
    return rc;
}

const char *zt_status_name(enum zt_status status)
{
    return name_of(status_names, COUNT(status_names), (size_t)status);
}

const char *zt_fresh_name(enum zt_fresh fresh)
{
    return name_of(fresh_names, COUNT(fresh_names), (size_t)fresh);
}

const char *zt_verdict_name(enum zt_verdict verdict)
{
    return name_of(verdict_names, COUNT(verdict_names), (size_t)verdict);
}

const char *zt_record_state_name(enum zt_record_state state)
{
    return name_of(state_names, COUNT(state_names), (size_t)state);
}

const char *zt_entry_kind_name(enum zt_entry_kind kind)
{
    return name_of(kind_names, COUNT(kind_names), (size_t)kind);
}

enum zt_err zt_entry_kind_parse(const char *name, enum zt_entry_kind *kind)
{
    size_t value;
    enum zt_err rc = value_of(kind_names, COUNT(kind_names), name, &value);
    if (rc == ZT_OK)
        *kind = (enum zt_entry_kind)value;
    return rc;
}
