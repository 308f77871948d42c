// SPDX-License-Identifier: Apache-2.0
// The log: the ordered, durable list of signed batches that the store is made from. Four calls, so that
// another implementation (a quorum-synchronous database) can carry it: append, read, wait, trim.
//
// Rules: a partition has one appender. After append + sync the batch is durable and will be read by
// everybody, in seq order, without gaps. The store is always the state after some prefix of the log; its
// applied position is committed with the rows it brought.
#ifndef ZT_BROKER_LOG_LOG_H
#define ZT_BROKER_LOG_LOG_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define ZT_LOG_TRIM_MAX 256 // so that one commit stays small

struct zt_log; // an opened log of one implementation

struct zt_log_entry {
    uint64_t seq;
    struct zt_bytes batch; // an item (item.h): the batch as the department signed it, and which of its
                           // records were refused; borrowed until the callback returns
};
typedef enum zt_err zt_log_each(void *arg, const struct zt_log_entry *entry);

struct zt_log_ops {
    const char *name; // "embedded"
    // Adds one batch behind the last; *seq receives its number (1, 2, ...). With the embedded log it becomes
    // durable with the store's commit in whose transaction it was called; with others before the call
    // returns.
    enum zt_err (*append)(struct zt_log *log, uint32_t partition, struct zt_bytes batch, uint64_t *seq);
    // Calls `each` for entries from `from` on, at most `max`; stops at the first error of `each` and returns
    // it.
    enum zt_err (*read)(struct zt_log *log, uint32_t partition, uint64_t from, uint32_t max,
                        zt_log_each *each, void *arg);
    // Waits until an entry with a number >= `seq` is there, at most timeout_ms: ZT_E_TIMEOUT.
    enum zt_err (*wait)(struct zt_log *log, uint32_t partition, uint64_t seq, int timeout_ms);
    // Lets go of entries below `seq`, oldest first, at most ZT_LOG_TRIM_MAX in one call: call it again for
    // more. Readers of what is gone get ZT_E_ABSENT. Same transaction as append.
    enum zt_err (*trim)(struct zt_log *log, uint32_t partition, uint64_t seq);
    void (*close)(struct zt_log **log);
};
struct zt_log {
    const struct zt_log_ops *ops;
};

struct zt_store;
// The embedded log lives in the store's environment. append and trim run inside the store's current write
// transaction, on its thread (ZT_E_STATE without one). read takes a snapshot of its own: a thread must not
// call it, or wait, between zt_store_renew and zt_store_reset. wait is woken by the store's commits.
ZT_MUST_USE enum zt_err zt_log_embedded_open(struct zt_store *store, struct zt_log **log);

#endif
