// SPDX-License-Identifier: Apache-2.0
// Private to base/id: one checker per document, and the tables behind them.
#ifndef ZT_BASE_ID_PARTS_H
#define ZT_BASE_ID_PARTS_H

#include <stdint.h>

#include "base/id/id.h"

// The first two digits are a province; `code` has at least 2 characters.
bool zt_province_known(const char *code);
// The region of a citizen number: a real province, and in Qingdao and Weifang a county that is or was; `code`
// has at least 6 digits.
bool zt_county_known(const char *code);
bool zt_country_known(unsigned numeric); // ISO 3166-1

// Each returns ZT_OK or a fault with its own rules; `today` is a valid date.
enum zt_err zt_gb11643_verify(const char *value, const char *today, bool resident_permit,
                              struct zt_fault *fault);
enum zt_err zt_foreign_verify(const char *value, const char *today, struct zt_fault *fault);
enum zt_err zt_gb32100_verify(const char *value, struct zt_fault *fault);
enum zt_err zt_gbt36904_verify(const char *value, struct zt_fault *fault);
enum zt_err zt_passport_verify(const char *value, struct zt_fault *fault);
enum zt_err zt_home_return_verify(const char *value, struct zt_fault *fault);
enum zt_err zt_taiwan_permit_verify(const char *value, struct zt_fault *fault);

// Fills the fault: rule = standard + "." + what, place = position.
enum zt_err zt_id_refuse(struct zt_fault *fault, const char *standard, const char *what, size_t position,
                         const char *text);
// Every character is 0-9 or A-Z, from left to right: "case" for a-z, "characters" for the rest.
enum zt_err zt_id_charset(struct zt_fault *fault, const char *standard, const char *value);
bool zt_id_digits(const char *text, size_t count); // exactly digits in the first `count` characters
// "YYYYMMDD" at `text` is a day, not after today, less than 150 years back: "date" or "future".
enum zt_err zt_id_birth(struct zt_fault *fault, const char *standard, const char *text, size_t position,
                        const char *today);

#endif
