// SPDX-License-Identifier: Apache-2.0
// A record that the shipped catalogue accepts: the provident fund account of the n-th person. Its balance is
// its version in fen, so that an answer shows which version it was made from.
#ifndef ZT_TESTS_SUPPORT_SAMPLE_H
#define ZT_TESTS_SUPPORT_SAMPLE_H

#include "base/crypto/sign.h"
#include "base/net/net.h"
#include "proto/publish.h"
#include "proto/record.h"

#define ZT_SAMPLE_PARTY  "housing-provident-fund"
#define ZT_SAMPLE_SOURCE "housing_provident_fund.account"
#define ZT_SAMPLE_KEY_ID "housing-provident-fund-batch-1"
#define ZT_SAMPLE_TYPE   "hf.personal_account"

#define ZT_SAMPLE_NUMBER_LEN 18
#define ZT_SAMPLE_PERSONS    1000000u // persons are numbered below this

struct zt_sample {
    struct zt_record record;
    struct zt_subject subject;
    struct zt_field fields[7];
    char number[ZT_SAMPLE_NUMBER_LEN + 1], account[21], name[32];
};
void zt_sample_number(unsigned person, char number[static ZT_SAMPLE_NUMBER_LEN + 1]); // valid by GB 11643
void zt_sample_account(unsigned person, uint64_t version, struct zt_sample *sample);

// Signs `batch` (source, seq, cursor, made_at and records are set) with `key`; `signature` keeps the bytes.
ZT_MUST_USE enum zt_err zt_sample_sign(struct zt_batch *batch, const char *key_id, struct zt_key *key,
                                       uint8_t signature[static ZT_SIG_LEN]);

#endif
