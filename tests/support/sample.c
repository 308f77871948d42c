// SPDX-License-Identifier: Apache-2.0
#include "tests/support/sample.h"

#include <stdio.h>
#include <string.h>

#include "base/id/id.h"

#define DAYS 20000u // of birth, from 1950 on

void zt_sample_number(unsigned person, char number[static ZT_SAMPLE_NUMBER_LEN + 1])
{
    char day[ZT_DATE_LEN + 1];
    zt_date_of_days((int32_t)(person % DAYS) - 7305, day); // 1950-01-01
    snprintf(number, ZT_SAMPLE_NUMBER_LEN + 1, "370702%.4s%.2s%.2s%03u", day, day + 5, day + 8,
             (person / DAYS + 1) % 1000);
    number[17] = zt_gb11643_check(number);
    number[18] = '\0';
}

static struct zt_field text_field(uint32_t tag, const char *text)
{
    return (struct zt_field){.tag = tag, .kind = ZT_VALUE_TEXT, .text = text};
}

static struct zt_field number_field(uint32_t tag, int64_t number)
{
    return (struct zt_field){.tag = tag, .kind = ZT_VALUE_NUMBER, .number = number};
}

void zt_sample_account(unsigned person, uint64_t version, struct zt_sample *sample)
{
    memset(sample, 0, sizeof *sample);
    zt_sample_number(person, sample->number);
    snprintf(sample->account, sizeof sample->account, "A%09u", person);
    snprintf(sample->name, sizeof sample->name, "Person %u", person);
    sample->subject = (struct zt_subject){.id_type = "111", .number = sample->number, .name = sample->name};
    struct zt_field fields[] = {
        text_field(1, "111"),        text_field(2, sample->number),
        text_field(3, sample->name), text_field(10, sample->account),
        text_field(12, "01"),        number_field(18, (int64_t)version),
        number_field(19, 0),
    };
    memcpy(sample->fields, fields, sizeof fields);
    sample->record = (struct zt_record){.type = ZT_SAMPLE_TYPE,
                                        .key = sample->account,
                                        .subjects = &sample->subject,
                                        .subject_count = 1,
                                        .version = version,
                                        .state = ZT_STATE_VALID,
                                        .valid_from = "",
                                        .valid_to = "",
                                        .updated_at = 1600000000000 + (int64_t)version, // 2020
                                        .region = "",
                                        .fields = sample->fields,
                                        .field_count = sizeof fields / sizeof *fields};
}

enum zt_err zt_sample_sign(struct zt_batch *batch, const char *key_id, struct zt_key *key,
                           uint8_t signature[static ZT_SIG_LEN])
{
    uint8_t root[ZT_HASH_LEN];
    struct zt_buf bytes;
    zt_buf_init(&bytes, 4096);
    batch->key_id = key_id;
    batch->alg = zt_key_alg(key);
    enum zt_err rc;
    ZT_TRY(zt_batch_signed_bytes(batch, &bytes, root));
    ZT_TRY(zt_sign(key, zt_buf_bytes(&bytes), signature));
    batch->signature = (struct zt_bytes){signature, ZT_SIG_LEN};
out:
    zt_buf_fini(&bytes);
    return rc;
}
