// SPDX-License-Identifier: Apache-2.0
// The ledger: an append-only journal, its SHA-256 tree in the files of C2SP tlog-tiles, and signed
// checkpoints.
//
// Files below DIR:
//   journal/<first index, 20 digits>.ztj   segments, journal.h says their format
//   tiles/checkpoint, tiles/tile/<L>/<N>[.p/<W>], tiles/tile/entries/<N>[.p/<W>]   derived, may be served as
//   they are lock   held while a process has the ledger open
//
// Durability: zt_ledger_append writes all entries with one write and one fdatasync, then returns their
// indexes. An append that was torn by a crash was never acknowledged and is cut off at open. A failed write
// or fdatasync is final: every later append fails (a retry may report success without the data) and the
// process must end. Damage anywhere else, and a journal that is shorter than its checkpoint, refuse to open.
//
// Threads: append, size and the hashes by the owner (counter). The sealer (own thread) re-reads the bytes of
// new entries from the files, recomputes the root, asks zt-signerd to sign, and writes tiles and checkpoint;
// at least once a second while there is something new. zt_ledger_reader: any thread, own handle, only what
// was acknowledged.
#ifndef ZT_BROKER_LEDGER_LEDGER_H
#define ZT_BROKER_LEDGER_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/crypto/merkle.h"
#include "base/net/net.h"
#include "proto/ledger.h"

#define ZT_LEDGER_APPEND  1024                          // entries in one append
#define ZT_LEDGER_SEGMENT ((uint64_t)256 * 1024 * 1024) // a new segment begins past this size

struct zt_ledger;
struct zt_ledger_options {
    const char *dir;        // created with mode 0700 when absent
    const char *origin;     // C2SP origin line, "zhitong.example/ledger/weifang"; no blanks, no '+'
    uint64_t segment_bytes; // 0 = ZT_LEDGER_SEGMENT
};
// Opens or provisions; checks and cuts the tail; rebuilds the right edge of the tree.
ZT_MUST_USE enum zt_err zt_ledger_open(const struct zt_ledger_options *options, struct zt_ledger **ledger,
                                       struct zt_fault *fault);
void zt_ledger_close(struct zt_ledger **ledger);

// Durable when ZT_OK. `hashes` receives count leaf hashes (SHA-256, RFC 6962). 1..ZT_LEDGER_APPEND entries of
// 1..ZT_ENTRY_MAX bytes; other numbers are ZT_E_LIMIT and change nothing. Allocates nothing.
ZT_MUST_USE enum zt_err zt_ledger_append(struct zt_ledger *ledger, const struct zt_bytes *entries,
                                         size_t count, uint64_t *first_index, uint8_t (*hashes)[ZT_HASH_LEN]);
uint64_t zt_ledger_size(const struct zt_ledger *ledger); // any thread
// ZT_OK, or why the ledger takes no more entries: the journal could not be written, or the sealer found that
// the bytes on disk are not those that were acknowledged. Final; any thread.
enum zt_err zt_ledger_failure(const struct zt_ledger *ledger);

struct zt_ledger_reader;
ZT_MUST_USE enum zt_err zt_ledger_reader_open(struct zt_ledger *ledger, struct zt_ledger_reader **reader);
void zt_ledger_reader_close(struct zt_ledger_reader **reader);
// Entries [from, ...) in order until `each` returns false or the acknowledged end; checks each entry's
// digest.
typedef bool zt_ledger_each(void *arg, uint64_t index, struct zt_bytes entry);
ZT_MUST_USE enum zt_err zt_ledger_scan(struct zt_ledger_reader *reader, uint64_t from, zt_ledger_each *each,
                                       void *arg);
// The newest signed checkpoint (text) and the proof that `index` is in it; ZT_E_ABSENT until it is sealed.
ZT_MUST_USE enum zt_err zt_ledger_prove(struct zt_ledger_reader *reader, uint64_t index,
                                        struct zt_buf *checkpoint, struct zt_buf *entry,
                                        struct zt_proof *proof);

// The sealer's thread, for zt_actor_start; arg is struct zt_sealer_options. One per ledger. When it is told
// to stop it seals what is left, for which it gives the signer up to 5 seconds: stop the counter first.
struct zt_sealer_options {
    struct zt_ledger *ledger;
    const char *signer_endpoint; // ipc://...
    int interval_ms;             // 0 = 1000
};
void zt_sealer_run(struct zt_net *net, struct zt_sock *pipe, void *arg);
uint64_t zt_ledger_sealed(const struct zt_ledger *ledger); // size of the newest checkpoint; any thread

#endif
