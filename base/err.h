// SPDX-License-Identifier: Apache-2.0
// The one error vocabulary of all programs: a code that callers decide on, and a fault that people read.
//
// Rules: every function that can fail returns enum zt_err and is must-use; results go into out-parameters
// placed last, untouched on failure. A fault is filled once, where the rule is broken; NULL is accepted
// everywhere. Texts never hold an identity number, a key or a record's content.
#ifndef ZT_BASE_ERR_H
#define ZT_BASE_ERR_H

#define ZT_MUST_USE          __attribute__((warn_unused_result))
#define ZT_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

enum zt_err {
    ZT_OK = 0,
    ZT_E_INPUT,   // bytes from outside break a rule: refuse them, go on
    ZT_E_LIMIT,   // a stated maximum is exceeded: refuse, go on
    ZT_E_ABSENT,  // what was asked for does not exist
    ZT_E_DENIED,  // the asker may not have it
    ZT_E_STATE,   // right call, wrong moment (older version, gap in a sequence, already closed)
    ZT_E_IO,      // the operating system refused; the text says errno
    ZT_E_NOMEM,   // allocation failed
    ZT_E_CRYPTO,  // the cryptographic library refused: a key, a signature, a random source
    ZT_E_TIMEOUT, // nothing came within the deadline; may be tried again
    ZT_E_PEER,    // the other program is gone or breaks the protocol
    ZT_E_CORRUPT, // stored bytes fail their own check; never served
    ZT_E_CONFIG,  // a file written by an operator breaks a rule
    ZT_E_BUG,     // our own invariant does not hold
};

// What a person needs to mend it: which rule, where, and what to do.
struct zt_fault {
    enum zt_err code;
    char rule[64];   // stable name, e.g. "gb11643.check" or "catalogue.unknown-table"
    char place[256]; // file:line:column, field name, row number or address
    char text[512];  // one sentence that says what is wrong and what to do
};

// Fills `fault` (when not NULL) and returns `code`, so that a failing function can `return
// zt_fault_set(...)`.
enum zt_err zt_fault_set(struct zt_fault *fault, enum zt_err code, const char *rule, const char *place,
                         const char *fmt, ...) ZT_PRINTF(5, 6);

// Like zt_fault_set with code ZT_E_IO; appends the text of errno.
enum zt_err zt_fault_errno(struct zt_fault *fault, const char *rule, const char *place, const char *what);

// Stable lower-case name of a code ("input", "limit", ...) for logs and --json; never NULL.
const char *zt_err_name(enum zt_err code);

// Evaluates a fallible call; on failure stores the code in the local `rc` and leaves through the label `out`.
#define ZT_TRY(call)                                                                                         \
    do {                                                                                                     \
        rc = (call);                                                                                         \
        if (rc != ZT_OK)                                                                                     \
            goto out;                                                                                        \
    } while (0)

#endif
