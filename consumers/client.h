// SPDX-License-Identifier: Apache-2.0
// The client library: ask the broker's counter and desk from a C program.
//
// Rules: one struct zt_client per thread. A profile says who we are and where the broker is. Answers live in
// the caller's arena. A lost answer is ZT_E_TIMEOUT: ask again as a new question, because the counter refuses
// an id that it has seen ("request.repeat").
#ifndef ZT_CONSUMERS_CLIENT_H
#define ZT_CONSUMERS_CLIENT_H

#include "base/net/net.h"
#include "proto/desk.h"
#include "proto/lookup.h"

#define ZT_CLIENT_TIMEOUT_MS 5000

// A YAML file: party, key (path stem of NAME.key/NAME.pub), server_public (path), counter, desk (endpoints),
// trust (folder), ledger_key (vkey file), officer, catalogue (folder). The first three are required, what is
// not there is NULL. Relative paths are relative to the file.
struct zt_profile {
    char *party, *key, *server_public, *counter, *desk, *trust, *ledger_key, *officer, *catalogue;
};
ZT_MUST_USE enum zt_err zt_profile_load(const char *path, struct zt_profile **profile,
                                        struct zt_fault *fault);
void zt_profile_free(struct zt_profile **profile);

struct zt_client;
ZT_MUST_USE enum zt_err zt_client_open(struct zt_net *net, const struct zt_profile *profile,
                                       struct zt_client **client, struct zt_fault *fault);
void zt_client_close(struct zt_client **client);

// Fills request->id (random) and request->time when the id is all zero. Waits for the answer with that id.
// Fault rules: "client.endpoint" (the profile names none), "client.refused" (the broker does not admit our
// key), "client.timeout", "client.answer" (not an answer at all).
ZT_MUST_USE enum zt_err zt_client_ask(struct zt_client *client, struct zt_request *request, int timeout_ms,
                                      struct zt_arena *arena, struct zt_answer *answer,
                                      struct zt_fault *fault);
ZT_MUST_USE enum zt_err zt_client_desk(struct zt_client *client, struct zt_desk_request *request,
                                       int timeout_ms, struct zt_arena *arena, struct zt_desk_answer *answer,
                                       struct zt_fault *fault);

// Many questions of the counter under way: send without waiting (ZT_E_LIMIT: not connected or too many under
// way), receive whichever comes.
ZT_MUST_USE enum zt_err zt_client_send(struct zt_client *client, struct zt_request *request);
ZT_MUST_USE enum zt_err zt_client_recv(struct zt_client *client, int timeout_ms, struct zt_arena *arena,
                                       struct zt_answer *answer, struct zt_fault *fault);

#endif
