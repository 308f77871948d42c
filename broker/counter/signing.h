// SPDX-License-Identifier: Apache-2.0
// Making a certificate, second half: the signer. Its answers come as messages; nobody waits for them.
//
// Each issuer's key id and chain is asked for once and kept. It is asked for anew when the signer signs with
// another key than the text names (it was restarted with new keys: the text is prepared again, once), and
// after any refusal. One request carries as many texts of one issuer and algorithm as fit into
// ZT_FRAME_SMALL.
//
// Rules: belongs to the counter's thread. Errors of one certificate end in its `rule`: "signer.timeout",
// "signer.<what the signer said>", "signer.answer" (not a usable answer), "issue.identifier", "issue.size",
// "trouble.*".
#ifndef ZT_BROKER_COUNTER_SIGNING_H
#define ZT_BROKER_COUNTER_SIGNING_H

#include "base/net/net.h"
#include "broker/counter/pending.h"

struct zt_signing;

ZT_MUST_USE enum zt_err zt_signing_open(struct zt_net *net, const char *endpoint, struct zt_pending *pending,
                                        struct zt_signing **signing, struct zt_fault *fault);
void zt_signing_close(struct zt_signing **signing);
struct zt_sock *zt_signing_sock(struct zt_signing *signing); // for zt_sock_wait only

// The intent is durable under `index`: makes the identifier; from here on zt_signing_work carries it.
void zt_signing_start(struct zt_issue *issue, uint64_t index, int64_t now_ms, int64_t deadline);
// Takes the signer's answers, ends what is past its deadline (zt_monotonic_ms), prepares texts, sends what
// can be sent. Finished issues have step DONE.
void zt_signing_work(struct zt_signing *signing, int64_t monotonic_ms);
// True when something could not be sent because the signer is not connected: work must be called again soon.
bool zt_signing_blocked(const struct zt_signing *signing);

#endif
