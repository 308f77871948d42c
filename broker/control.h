// SPDX-License-Identifier: Apache-2.0
// What the main thread says to the broker's actors on their control pipes, and how the process ends when its
// promises can no longer be kept.
//
// Frames on the pipe: "STOP" (sent by zt_actor_stop), "CATALOGUE <pointer>" (16 lower-case hexadecimal
// digits), and back "TAKEN <pointer>". The sender keeps its own reference to the catalogue until every actor
// has answered TAKEN; an actor takes its reference (zt_catalogue_hold) before it answers. Pointers travel
// only inside one process.
//
// The desk passes an operator's wish on: "RELOAD" asks main to read the catalogue again, and "RELOADED"
// (followed by rule, a tab and text when it was refused and the old one stays) is the answer. Main has
// written the CONFIG entry with both digests by then, and every actor has taken the new catalogue; the desk's
// own CATALOGUE frame came before.
#ifndef ZT_BROKER_CONTROL_H
#define ZT_BROKER_CONTROL_H

#include "base/net/net.h"

#define ZT_CONTROL_MAX 640 // longest frame

struct zt_catalogue;

enum zt_control_act {
    ZT_CONTROL_STOP = 1,
    ZT_CONTROL_CATALOGUE = 2,
    ZT_CONTROL_TAKEN = 3,
    ZT_CONTROL_RELOAD = 4,
    ZT_CONTROL_RELOADED = 5,
};
struct zt_control {
    enum zt_control_act act;
    struct zt_catalogue *catalogue; // CATALOGUE and TAKEN
    struct zt_fault fault;          // RELOADED: code ZT_OK, or ZT_E_CONFIG with rule and text
};

// Sends on either end of the pipe. Errors are those of zt_sock_send.
ZT_MUST_USE enum zt_err zt_control_send(struct zt_sock *pipe, const struct zt_control *control);
// ZT_E_INPUT ("control.frame") for anything that is not one of the frames above.
ZT_MUST_USE enum zt_err zt_control_parse(struct zt_bytes frame, struct zt_control *control,
                                         struct zt_fault *fault);

// Ends the process at once with exit status ZT_BROKER_EXIT_BROKEN after one log line: durable storage has
// refused (a failed append or commit), so nothing more may be acknowledged or answered by any thread. The
// supervisor starts the broker again, which checks its files first.
#define ZT_BROKER_EXIT_BROKEN 70 // EX_SOFTWARE of sysexits.h
_Noreturn void zt_broker_die(const char *id, const char *fmt, ...) ZT_PRINTF(2, 3);

#endif
