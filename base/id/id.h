// SPDX-License-Identifier: Apache-2.0
// Identifiers of persons, organisations and certificates, checked by the standards' own rules.
//
// Sources: GB 11643-1999 (citizen number), GB 32100-2015 with GB 11714-1997 (unified social credit code),
// GB/T 36904-2018 (licence identifier), ISO 7064 (MOD 11-2, MOD 37,36), the form of 2023 for foreign
// permanent residents, ICAO 9303 (passports), GB/T 36903 (type codes of holders).
//
// Rules: pure and thread safe; "today" is passed in where a rule needs it. A value is checked exactly as
// written: no trimming, no change of case (normalise at the edge with zt_id_normalise).
#ifndef ZT_BASE_ID_ID_H
#define ZT_BASE_ID_ID_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "base/err.h"

#define ZT_ID_MAX      50  // longest number of a holder document
#define ZT_LICENCE_MAX 128 // longest GB/T 36904 identifier

enum zt_id_kind {
    ZT_ID_UNKNOWN = 0,
    ZT_ID_CITIZEN,           // 111 resident identity card, GB 11643
    ZT_ID_HMT_RESIDENT,      // residence permit of Hong Kong, Macao, Taiwan residents (810000/820000/830000)
    ZT_ID_FOREIGN_PERMANENT, // 553, old (3 letters + 12 digits) and new (18, first digit 9)
    ZT_ID_USCC,              // 001, GB 32100
    ZT_ID_PASSPORT,          // 414
    ZT_ID_HOME_RETURN,       // 516, H or M + 8 digits
    ZT_ID_TAIWAN_PERMIT,     // 511, 8 digits
    ZT_ID_LICENCE,           // GB/T 36904
};

const char *zt_id_kind_name(enum zt_id_kind kind);    // "citizen", "uscc", ... ; "unknown"
const char *zt_id_kind_name_zh(enum zt_id_kind kind); // 居民身份证, ...
const char *zt_id_kind_code(enum zt_id_kind kind);    // GB/T 36903 code: "111", "001", ... ; "" for none
ZT_MUST_USE enum zt_err zt_id_kind_parse(const char *name, enum zt_id_kind *kind); // by name or code

// Characters are looked at from left to right first, then the length, then what the parts mean, then the
// check characters. ZT_OK, or ZT_E_INPUT with the rule that is broken in fault->rule: "gb11643.length",
// "gb11643.characters", "gb11643.case", "gb11643.region", "gb11643.date", "gb11643.future", "gb11643.check",
// "gb32100.length",
// ".characters",
// ".case", ".department", ".region", ".inner-check", ".check", "gbt36904.root", ".segments", ".type-code",
// ".issuer",
// ".serial", ".version", ".case", ".check", "foreign.length", ".characters", ".case", ".series", ".region",
// ".country", ".date", ".future", ".check", "passport.form", "home-return.form",
// "taiwan-permit.form". place is the 1-based position or segment. `today` is YYYY-MM-DD, or NULL
// where no day is known: then a birth date need only be a day of the calendar.
ZT_MUST_USE enum zt_err zt_id_check(enum zt_id_kind kind, const char *value, const char *today,
                                    struct zt_fault *fault);

// The kind that the form of the value suggests (valid or not), best guess first; ZT_ID_UNKNOWN when nothing
// fits.
enum zt_id_kind zt_id_guess(const char *value);

// Trims blanks, turns full-width digits and letters and lower case into the standard's form. `out` as long as
// ZT_ID_MAX. ZT_E_INPUT when nothing is left or a character is no ASCII even so; ZT_E_LIMIT when it is too
// long.
ZT_MUST_USE enum zt_err zt_id_normalise(const char *value, char *out, size_t out_size);

// Check characters, for generators and makers; 0 when a character of the body is outside the alphabet.
char zt_gb11643_check(const char *body17);
char zt_gb32100_check(const char *body17);
char zt_gb11714_check(const char *body8);
char zt_icao9303_check(const char *text); // of a field in a machine-readable zone: 0-9, A-Z, '<'

// GB 11643 parts of a valid number.
void zt_citizen_birth_date(const char *number, char date[static ZT_DATE_LEN + 1]);
bool zt_citizen_is_female(const char *number);

// GB/T 36904: 1.2.156.3005.2.<type 21>.<issuer>.<serial>.<version 3>.<check>.
ZT_MUST_USE enum zt_err zt_licence_make(const char *type_code, const char *issuer, const char *serial,
                                        unsigned version, char out[static ZT_LICENCE_MAX],
                                        struct zt_fault *fault);
char zt_iso7064_mod37_36(const char *text); // characters 0-9 A-Z; 0 when another occurs

// The division of GB/T 2260 that a 6-digit code stands for, as far as the table goes (all provinces; Qingdao
// and Weifang to the county, abolished ones too); "" for what is not known.
struct zt_region {
    const char *province, *city, *county;
};
struct zt_region zt_region_of(const char *code);

// Masked for people: first 3 and last 2 characters stay ("370***80"); of fewer than 8 characters none.
void zt_id_mask(const char *value, char *out, size_t out_size);

#endif
