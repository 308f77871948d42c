// SPDX-License-Identifier: Apache-2.0
// Peers that do not belong here: bytes on a raw connection, and libzmq clients with the wrong mechanism or
// key.
#ifndef ZT_TESTS_SUPPORT_ROGUE_H
#define ZT_TESTS_SUPPORT_ROGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/net/net.h"

#define ROGUE_WORD  "intruder"
#define ROGUE_BYTES 8192

enum rogue_raw {
    ROGUE_SILENT,         // connects and says nothing
    ROGUE_GARBAGE,        // random bytes
    ROGUE_HTTP,           // a browser
    ROGUE_TLS,            // a TLS client hello
    ROGUE_ZMTP1,          // the old greeting, then a message
    ROGUE_ZMTP2,          // likewise
    ROGUE_ZMTP3_NULL,     // today's greeting without authentication
    ROGUE_CURVE_SKIP,     // says CURVE, then goes on as if the handshake were over
    ROGUE_CURVE_HELLO,    // a HELLO that no key made
    ROGUE_CURVE_INITIATE, // an INITIATE without HELLO
    ROGUE_CURVE_MESSAGE,  // an encrypted message without a session
    ROGUE_GREETING_CUT,   // half a greeting
    ROGUE_HUGE,           // announces a frame of 4 GiB
    ROGUE_RAWS,
};
const char *rogue_raw_name(enum rogue_raw kind);
// What it says after connecting; returns the length.
size_t rogue_raw_bytes(enum rogue_raw kind, uint8_t bytes[static ROGUE_BYTES]);
// A connected descriptor (non-blocking), or -1. tcp:// and abstract ipc:// endpoints.
int rogue_dial(const char *endpoint);

enum rogue_mechanism { ROGUE_NULL, ROGUE_PLAIN, ROGUE_CURVE };
// A libzmq DEALER in the context of `net` that queues ROGUE_WORD at once, and its monitor.
struct rogue {
    void *sock, *watch;
    bool ended; // its handshake has failed, or the connection was closed
    bool up;    // it believes to be in
};
bool rogue_open(struct zt_net *net, enum rogue_mechanism mechanism, const char *endpoint,
                const struct zt_curve_keys *keys, const char *server_public, struct rogue *rogue);
void rogue_follow(struct rogue *rogue); // reads its monitor
void rogue_close(struct rogue *rogue);

// A listener as it would be without our care: CURVE and a ZAP domain, but nothing enforced.
void *rogue_careless_listener(struct zt_net *net, const struct zt_curve_keys *keys, const char *endpoint);

#endif
