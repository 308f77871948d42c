// SPDX-License-Identifier: Apache-2.0
// Sockets: the only door to ZeroMQ. Authenticated, bounded, loss-free ROUTER and DEALER sockets, the ZAP
// handler, and threads that are driven by messages.
//
// Caveats that shaped this file (libzmq 4.3.4):
// - A CURVE server without a ZAP handler lets everybody in. We set ZMQ_ZAP_DOMAIN and option 93
//   (ZMQ_ZAP_ENFORCE_DOMAIN, a draft number that Debian's library honours), read it back, and refuse to
//   listen if it is not 1. The handler must be running, and have refused and admitted a probe, before a
//   public socket is bound.
// - ZAP is asked at the handshake only: who is revoked later must be refused per message, by the User-Id.
// - A ROUTER drops silently at its high-water mark unless ZMQ_ROUTER_MANDATORY is set: we set it, and say so.
//
// Rules: one struct zt_net (one ZeroMQ context) per process, never terminated while sockets live. A socket
// belongs to one thread. Every message is one frame of at most the socket's max_frame bytes.
#ifndef ZT_BASE_NET_NET_H
#define ZT_BASE_NET_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define ZT_CURVE_KEY_LEN  32
#define ZT_CURVE_TEXT_LEN 40 // Z85 characters
#define ZT_USER_ID_MAX    64 // with its NUL: the party's id
#define ZT_ROUTE_MAX      64 // libzmq's own routing ids are 5 bytes; ours on DEALERs at most this
#define ZT_ENDPOINT_MAX   256

#define ZT_FRAME_SMALL  ((size_t)64 * 1024)   // lookups, audit, signer
#define ZT_FRAME_ANSWER ((size_t)256 * 1024)  // what a consumer or auditor receives
#define ZT_FRAME_BATCH  ((size_t)1024 * 1024) // publishing, signer

struct zt_net;
struct zt_sock;

struct zt_curve_keys {
    char public_text[ZT_CURVE_TEXT_LEN + 1];
    char secret_text[ZT_CURVE_TEXT_LEN +
                     1]; // wiped by zt_curve_keys_wipe; empty when only the public half is known
};
ZT_MUST_USE enum zt_err zt_curve_keys_new(struct zt_curve_keys *keys);
// Files: NAME.pub (Z85 line) and NAME.key (Z85 line, mode 0400, owner checked).
ZT_MUST_USE enum zt_err zt_curve_keys_save(const struct zt_curve_keys *keys, const char *name,
                                           struct zt_fault *fault);
ZT_MUST_USE enum zt_err zt_curve_keys_load(const char *name, struct zt_curve_keys *keys,
                                           struct zt_fault *fault);
ZT_MUST_USE enum zt_err zt_curve_public_load(const char *path, char public_text[static ZT_CURVE_TEXT_LEN + 1],
                                             struct zt_fault *fault);
void zt_curve_keys_wipe(struct zt_curve_keys *keys);
// The 32 bytes that `admit` gets, from the text of a public key.
ZT_MUST_USE enum zt_err zt_curve_key_bytes(const char *public_text, uint8_t key[static ZT_CURVE_KEY_LEN]);

ZT_MUST_USE enum zt_err zt_net_open(struct zt_net **net);
// The same for load generators: more I/O threads (1) or sockets (1023) than one program needs.
ZT_MUST_USE enum zt_err zt_net_open_with(int io_threads, int max_sockets, struct zt_net **net);
void zt_net_close(struct zt_net **net); // all sockets must be closed; idempotent

// Who may connect. Called on the ZAP thread for each handshake with the client's 32-byte public key; returns
// true and fills the party's id to admit. Must not block.
typedef bool zt_admit_fn(void *arg, const uint8_t key[static ZT_CURVE_KEY_LEN],
                         char user_id[static ZT_USER_ID_MAX]);

// Starts the handler and proves it (within 10 s): a probe with a key that `admit` never saw must be refused
// and one with a key of its own must be admitted. Afterwards zt_net_gate_check may be called now and then to
// prove it again.
ZT_MUST_USE enum zt_err zt_net_gate_open(struct zt_net *net, zt_admit_fn *admit, void *arg,
                                         struct zt_fault *fault);
ZT_MUST_USE enum zt_err zt_net_gate_check(struct zt_net *net, struct zt_fault *fault); // takes up to 2 s
// New admission data: from the return on, `admit` is called with `arg` only and the old one may be freed. Of
// the thread that opened the gate, like zt_net_gate_kill.
ZT_MUST_USE enum zt_err zt_net_gate_swap(struct zt_net *net, void *arg);
// Handshakes admitted and refused by a reachable handler, without the probes.
void zt_net_gate_counts(const struct zt_net *net, uint64_t *admitted, uint64_t *refused);
// For fault tests: the handler's thread ends and its socket closes, as after a crash.
void zt_net_gate_kill(struct zt_net *net);

struct zt_listen_options {
    const char *endpoint;             // tcp://127.0.0.1:* or ipc://path; '*' takes a free port
    const struct zt_curve_keys *keys; // the server's; NULL only for ipc and inproc endpoints
    size_t max_frame;                 // ZT_FRAME_SMALL or ZT_FRAME_BATCH
    int queue;                        // high-water mark each way per peer; 0 = 1000
};
// A ROUTER. Refuses a public endpoint without keys, or when the gate is not open. `bound` receives the real
// endpoint.
ZT_MUST_USE enum zt_err zt_sock_listen(struct zt_net *net, const struct zt_listen_options *options,
                                       struct zt_sock **sock, char bound[static ZT_ENDPOINT_MAX],
                                       struct zt_fault *fault);

struct zt_connect_options {
    const char *endpoint;
    const struct zt_curve_keys *keys; // our own; NULL only for ipc and inproc
    const char *server_public;        // Z85; NULL only for ipc and inproc
    size_t max_frame;
    int queue; // 0 = 1000
};
// A DEALER: reconnects by itself, queues only while connected (ZMQ_IMMEDIATE), keeps heartbeats.
ZT_MUST_USE enum zt_err zt_sock_connect(struct zt_net *net, const struct zt_connect_options *options,
                                        struct zt_sock **sock, struct zt_fault *fault);
// Why a DEALER cannot send: trying (server not reached), or refused (our key is not admitted; it is tried
// again every second). Always "up" for inproc.
enum zt_link { ZT_LINK_TRYING, ZT_LINK_UP, ZT_LINK_REFUSED };
enum zt_link zt_sock_link(struct zt_sock *sock);
void zt_sock_close(struct zt_sock **sock); // idempotent; waits at most 1 s for what is still queued

// One received message. `route` is where an answer goes (ROUTER only); `user` is the authenticated party, ""
// when the endpoint has no CURVE. The frame stays valid until the next recv into the same struct or
// zt_msg_fini.
struct zt_msg {
    uint8_t route[ZT_ROUTE_MAX];
    size_t route_len;
    char user[ZT_USER_ID_MAX];
    struct zt_bytes frame;
    void *hold; // owned by net
};
void zt_msg_init(struct zt_msg *msg);
void zt_msg_fini(struct zt_msg *msg);

// Without waiting: ZT_E_TIMEOUT when nothing is there. A message with more than one frame, or from a peer
// that chose a routing id longer than ZT_ROUTE_MAX, is dropped and counted; after 1,000 such in a row
// ZT_E_INPUT.
ZT_MUST_USE enum zt_err zt_sock_recv(struct zt_sock *sock, struct zt_msg *msg);
// Never blocks. ROUTER: ZT_E_PEER when that peer is gone, ZT_E_LIMIT when its queue is full: the caller
// decides, nothing is lost silently. (The full queue of a peer that is gone says ZT_E_LIMIT until the socket
// was waited on or read again.) DEALER: ZT_E_LIMIT when not connected or full. ZT_OK means queued: what a cut
// connection had not delivered is gone, so askers repeat unanswered questions.
ZT_MUST_USE enum zt_err zt_sock_send(struct zt_sock *sock, const uint8_t *route, size_t route_len,
                                     struct zt_bytes frame);
// Of a listening socket: connections begun, and handshakes that ended well. The difference was turned away
// (or is still under way), for whatever reason.
void zt_sock_handshakes(struct zt_sock *sock, uint64_t *connected, uint64_t *admitted);
uint64_t zt_sock_dropped(const struct zt_sock *sock); // messages that were not ours to take

// Waits until one of the sockets can be read, at most timeout_ms (-1: for ever). ready[i] says which;
// ZT_E_TIMEOUT if none. Also returns on a signal (ZT_E_TIMEOUT). At most 16 sockets, actor pipes included.
ZT_MUST_USE enum zt_err zt_sock_wait(struct zt_sock *const *socks, size_t count, int timeout_ms, bool *ready);
// As DEALER: waits until one message arrives or the deadline passes.
ZT_MUST_USE enum zt_err zt_sock_recv_within(struct zt_sock *sock, struct zt_msg *msg, int timeout_ms);
int zt_sock_fd(struct zt_sock *sock); // ZMQ_FD, edge-triggered: drain with zt_sock_recv on every turn

// inproc ROUTER/DEALER pairs between the threads of one process: endpoint "inproc://name", no keys; used
// through zt_sock_listen / zt_sock_connect with keys NULL.

// An actor: a thread that owns its sockets and stops when told. Modelled on czmq's zactor.
struct zt_actor;
// `body` gets its own end of a control pipe: it must call zt_actor_ready(pipe, rc) once (ZT_OK when it is
// up), then serve until a frame "STOP" arrives on the pipe, and return.
typedef void zt_actor_fn(struct zt_net *net, struct zt_sock *pipe, void *arg);
// Returns after the thread has called ready, with the code it gave.
ZT_MUST_USE enum zt_err zt_actor_start(struct zt_net *net, const char *name, zt_actor_fn *body, void *arg,
                                       struct zt_actor **actor);
ZT_MUST_USE enum zt_err zt_actor_ready(struct zt_sock *pipe, enum zt_err rc);
struct zt_sock *zt_actor_pipe(struct zt_actor *actor); // the owner's end, for further messages
void zt_actor_stop(struct zt_actor **actor);           // sends STOP, joins; idempotent

#endif
