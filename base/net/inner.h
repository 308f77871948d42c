// SPDX-License-Identifier: Apache-2.0
// Private to base/net: what its files share.
#ifndef ZT_BASE_NET_INNER_H
#define ZT_BASE_NET_INNER_H

#include <stdatomic.h>
#include <zmq.h>

#include "base/net/net.h"

// ZMQ_ZAP_ENFORCE_DOMAIN of zmq_draft.h (4.3.0): honoured by Debian's library, absent from its public header.
#define ZT_ZMQ_ENFORCE_DOMAIN 93
#define ZT_ZAP_DOMAIN         "zhitong"
#define ZT_ZAP_PROBE_DOMAIN   "zhitong.probe" // the gate's own endpoint, see gate.c
#define ZT_PROBE_USER         "zt.probe"      // whom it admits there
#define ZT_WAIT_MAX           16              // zmq_poll takes that many without allocating

struct zt_net {
    void *context;
    void *first;                 // unused socket that started libzmq's threads
    atomic_int sockets;          // still open
    atomic_uint_fast64_t serial; // for names that must differ
    atomic_bool gate_open;       // the handler runs and has proved itself
    atomic_uint_fast64_t admitted, refused;
    struct zt_actor *gate;
    struct zt_gate *gate_state;
    char sync; // what the thread sanitizer sees instead of libzmq's own queues
};

enum zt_sock_kind { ZT_SOCK_ROUTER, ZT_SOCK_DEALER, ZT_SOCK_PAIR, ZT_SOCK_REPLY };

struct zt_sock {
    struct zt_net *net;
    void *zmq;
    enum zt_sock_kind kind;
    bool local; // inproc: memory is handed over between threads
    bool told;  // PAIR: zt_actor_ready was called
    uint64_t dropped;
    uint64_t connected, admitted; // ROUTER: handshakes begun and ended well
    // Over a network: how the connections stand (link.c)
    void *watch;
    enum zt_link link;
    int64_t retry_at;
    char endpoint[ZT_ENDPOINT_MAX];
};

// A socket with nothing set; `name` of the operation goes into the fault.
ZT_MUST_USE enum zt_err zt_sock_new(struct zt_net *net, int type, enum zt_sock_kind kind,
                                    struct zt_sock **sock, struct zt_fault *fault);
ZT_MUST_USE enum zt_err zt_sock_set(struct zt_sock *sock, int option, int value, struct zt_fault *fault);
ZT_MUST_USE enum zt_err zt_sock_set_text(struct zt_sock *sock, int option, const char *text,
                                         struct zt_fault *fault);
// The options that every network socket must have: bounds, heartbeats, handshake limit (settings.c).
ZT_MUST_USE enum zt_err zt_sock_set_bounds(struct zt_sock *sock, size_t max_frame, int queue,
                                           struct zt_fault *fault);
// CURVE as server with ZAP enforced in `domain`, everything read back; CURVE as client.
ZT_MUST_USE enum zt_err zt_sock_set_server(struct zt_sock *sock, const struct zt_curve_keys *keys,
                                           const char *domain, struct zt_fault *fault);
ZT_MUST_USE enum zt_err zt_sock_set_client(struct zt_sock *sock, const struct zt_curve_keys *keys,
                                           const char *server_public, struct zt_fault *fault);
enum zt_err zt_net_fault(struct zt_fault *fault, enum zt_err code, const char *rule, const char *place,
                         const char *what); // with the text of zmq_errno

bool zt_endpoint_is(const char *endpoint, const char *transport); // "inproc://"

// link.c: counts the handshakes of a ROUTER; follows the connection of a DEALER and reconnects where libzmq
// gives up.
ZT_MUST_USE enum zt_err zt_link_watch(struct zt_sock *sock, struct zt_fault *fault);
void zt_link_mend(struct zt_sock *sock);
void zt_link_end(struct zt_sock *sock);
// One handshake event of a monitor (0 when none came in time); `value` is the ZAP code or errno.
uint16_t zt_link_event(void *watch, int timeout_ms, uint32_t *value);
ZT_MUST_USE enum zt_err zt_link_open(struct zt_net *net, void *zmq, int events, void **watch,
                                     struct zt_fault *fault);

// probe.c: proves a running handler with a key it refuses and one it admits.
ZT_MUST_USE enum zt_err zt_gate_probe(struct zt_net *net, const struct zt_curve_keys *server,
                                      const struct zt_curve_keys *friend_keys,
                                      const struct zt_curve_keys *stranger_keys, struct zt_fault *fault);

// Two ends of a control pipe between threads.
ZT_MUST_USE enum zt_err zt_pipe_new(struct zt_net *net, struct zt_sock **mine, struct zt_sock **theirs);

#endif
