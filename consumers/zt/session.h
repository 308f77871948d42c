// SPDX-License-Identifier: Apache-2.0
// What a command needs to talk to the broker: profile, client, the catalogue's words, memory.
#ifndef ZT_CONSUMERS_ZT_SESSION_H
#define ZT_CONSUMERS_ZT_SESSION_H

#include "catalogue/catalogue.h"
#include "consumers/client.h"
#include "consumers/zt/cli.h"

#define ZT_SESSION_ARENA ((size_t)16 * 1024 * 1024)

struct zt_session {
    const struct zt_cli *cli;
    struct zt_profile *profile;
    struct zt_net *net;
    struct zt_client *client;
    struct zt_catalogue *catalogue; // NULL: names and code tables are not at hand, tags are shown instead
    struct zt_arena arena;          // answers live here
};

// Reads the profile and the catalogue that it names, opens the client. On failure nothing is left open. A
// catalogue that cannot be read is said on stderr and done without.
ZT_MUST_USE enum zt_err zt_session_open(struct zt_session *session, const struct zt_cli *cli,
                                        struct zt_fault *fault);
void zt_session_close(struct zt_session *session); // idempotent

// NULL when there is no catalogue, or no such thing in it.
const struct zt_record_type *zt_session_record_type(const struct zt_session *session, const char *id);

#endif
