// SPDX-License-Identifier: Apache-2.0
// What the load programs of the fault tests share: their options, one connection, and a record file that is
// written line by line before anything else is sent. SIGTERM ends them after the line at hand.
#ifndef ZT_TESTS_SUPPORT_PEER_H
#define ZT_TESTS_SUPPORT_PEER_H

#include <stdbool.h>

#include "base/net/net.h"

struct zt_peer_options {
    const char *endpoint;      // --endpoint
    const char *key;           // --key: stem of our CURVE keys
    const char *server_public; // --server-public: file
    const char *record;        // --record: file, appended to
    const char *signing_key;   // --signing-key: PEM, publisher only
    unsigned persons;          // --persons: how many there are, or may be
};
struct zt_peer {
    struct zt_peer_options options;
    struct zt_net *net;
    struct zt_sock *sock;
    struct zt_msg msg;
    int record;
};

// Prints what is wrong and ends the program on failure.
void zt_peer_open(int argc, char **argv, size_t max_frame, struct zt_peer *peer);
void zt_peer_close(struct zt_peer *peer);
bool zt_peer_stopped(void);
// One line, handed to the kernel before this returns: it survives the death of the broker, which is what is
// tested.
void zt_peer_write(struct zt_peer *peer, const char *fmt, ...) ZT_PRINTF(2, 3);
// Waits until the frame is queued for a connection that is up, or the program is told to stop (false).
bool zt_peer_send(struct zt_peer *peer, struct zt_bytes frame);
_Noreturn void zt_peer_fail(const char *fmt, ...) ZT_PRINTF(1, 2);

#endif
