// SPDX-License-Identifier: Apache-2.0
// What both ends of the ledger's mail check of a letter.
#ifndef ZT_BROKER_LEDGER_MAIL_LETTER_H
#define ZT_BROKER_LEDGER_MAIL_LETTER_H

#include "broker/ledger/mail.h"

static inline bool zt_letter_allowed(const struct zt_bytes *entries, size_t count)
{
    if (count == 0 || count > ZT_MAIL_ENTRIES)
        return false;
    for (size_t i = 0; i < count; i++)
        if (entries[i].len == 0 || entries[i].len > ZT_ENTRY_MAX)
            return false;
    return true;
}

#endif
