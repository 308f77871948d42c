// SPDX-License-Identifier: Apache-2.0
#include "catalogue/value.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"

enum zt_value_kind zt_value_kind_of(enum zt_kind kind)
{
    switch (kind) {
    case ZT_KIND_INTEGER:
    case ZT_KIND_DECIMAL:
    case ZT_KIND_MONEY:
    case ZT_KIND_TIMESTAMP:
    case ZT_KIND_BOOLEAN:
        return ZT_VALUE_NUMBER;
    case ZT_KIND_BINARY:
        return ZT_VALUE_BLOB;
    case ZT_KIND_TEXT:
    case ZT_KIND_DATE:
    case ZT_KIND_CODE:
    case ZT_KIND_ID:
    default:
        return ZT_VALUE_TEXT;
    }
}

bool zt_code_is_known(const struct zt_code_table *table, const char *code)
{
    if (zt_code_table_find(table, code))
        return true;
    size_t len = strlen(code);
    return table->open && table->code_count && len == strlen(table->codes[0].code) &&
           strspn(code, "0123456789") == len;
}

enum zt_err zt_any_id_check(const char *number, const char *today, struct zt_fault *fault)
{
    enum zt_id_kind kind = zt_id_guess(number);
    if (kind != ZT_ID_UNKNOWN)
        return zt_id_check(kind, number, today, fault);
    size_t len = strlen(number);
    if (len >= 1 && len <= ZT_ID_MAX && zt_utf8_valid(zt_bytes_str(number)) && !strpbrk(number, " \t\r\n"))
        return ZT_OK;
    return zt_fault_set(fault, ZT_E_INPUT, "value.id", "", "1 to %d characters without blanks", ZT_ID_MAX);
}

static bool has_control(const char *text)
{
    for (const unsigned char *at = (const unsigned char *)text; *at; at++)
        if ((*at < 0x20 && *at != '\n' && *at != '\t') || *at == 0x7f)
            return true;
    return false;
}

static enum zt_err check_plain(const struct zt_field_type *type, const char *text, struct zt_fault *fault)
{
    if (has_control(text))
        return zt_fault_set(fault, ZT_E_INPUT, "value.text", type->name, "control characters in '%s'",
                            type->name);
    size_t count = zt_utf8_count(text);
    if (count > type->max_len)
        return zt_fault_set(fault, ZT_E_INPUT, "value.length", type->name,
                            "'%s' has %zu characters, at most %u are allowed", type->name, count,
                            type->max_len);
    return ZT_OK;
}

// The rule of the identifier's standard is named; the place is the field, for the number must not be shown.
static enum zt_err check_id(const struct zt_field_type *type, const char *text, struct zt_fault *fault)
{
    struct zt_fault why = {0};
    enum zt_err rc = type->id_kind == ZT_ID_UNKNOWN ? zt_any_id_check(text, ZT_NO_DAY, &why)
                                                    : zt_id_check(type->id_kind, text, ZT_NO_DAY, &why);
    if (rc == ZT_OK)
        return ZT_OK;
    return zt_fault_set(fault, rc, why.rule, type->name, "'%s': %s", type->name, why.text);
}

static enum zt_err check_text(const struct zt_field_type *type, const char *text, struct zt_fault *fault)
{
    if (!text || !*text)
        return zt_fault_set(fault, ZT_E_INPUT, "value.empty", type->name,
                            "'%s' is empty; leave the field out instead", type->name);
    if (!zt_utf8_valid(zt_bytes_str(text)))
        return zt_fault_set(fault, ZT_E_INPUT, "value.text", type->name, "'%s' is not UTF-8", type->name);
    switch (type->kind) {
    case ZT_KIND_DATE:
        if (!zt_date_valid(text))
            return zt_fault_set(fault, ZT_E_INPUT, "value.date", type->name,
                                "'%s' is no calendar day written YYYY-MM-DD", type->name);
        return ZT_OK;
    case ZT_KIND_CODE:
        if (!type->table || !zt_code_is_known(type->table, text))
            return zt_fault_set(fault, ZT_E_INPUT, "value.code", type->name,
                                "'%s' holds a code that table %s does not have", type->name,
                                type->table ? type->table->id : "?");
        return ZT_OK;
    case ZT_KIND_ID:
        return check_id(type, text, fault);
    default:
        return check_plain(type, text, fault);
    }
}

// Largest value of so many digits: at most 18, so it fits.
static int64_t greatest(unsigned digits)
{
    int64_t value = 1;
    for (unsigned i = 0; i < digits && i < 18; i++)
        value *= 10;
    return value - 1;
}

static enum zt_err check_number(const struct zt_field_type *type, int64_t number, struct zt_fault *fault)
{
    if (type->kind == ZT_KIND_BOOLEAN) {
        if (number == 0 || number == 1)
            return ZT_OK;
        return zt_fault_set(fault, ZT_E_INPUT, "value.boolean", type->name, "'%s' is neither 0 nor 1",
                            type->name);
    }
    if (type->kind == ZT_KIND_TIMESTAMP) {
        if (number >= ZT_TIMESTAMP_MIN && number <= ZT_TIMESTAMP_MAX)
            return ZT_OK;
        return zt_fault_set(fault, ZT_E_INPUT, "value.timestamp", type->name,
                            "'%s' is outside the years 1000 to 9999", type->name);
    }
    int64_t most = greatest(type->max_len);
    if (number >= -most && number <= most)
        return ZT_OK;
    return zt_fault_set(fault, ZT_E_INPUT, "value.digits", type->name, "'%s' has more than %u digits",
                        type->name, type->max_len);
}

enum zt_err zt_value_check(const struct zt_field_type *type, const struct zt_field *field,
                           struct zt_fault *fault)
{
    enum zt_value_kind wanted = zt_value_kind_of(type->kind);
    if (field->kind != wanted)
        return zt_fault_set(fault, ZT_E_INPUT, "value.kind", type->name, "'%s' must travel as %s", type->name,
                            wanted == ZT_VALUE_TEXT     ? "text"
                            : wanted == ZT_VALUE_NUMBER ? "a number"
                                                        : "bytes");
    if (wanted == ZT_VALUE_TEXT)
        return check_text(type, field->text, fault);
    if (wanted == ZT_VALUE_NUMBER)
        return check_number(type, field->number, fault);
    if (!field->blob.len || field->blob.len > type->max_len)
        return zt_fault_set(fault, ZT_E_INPUT, "value.length", type->name,
                            "'%s' has %zu bytes, 1 to %u are allowed", type->name, field->blob.len,
                            type->max_len);
    return ZT_OK;
}
