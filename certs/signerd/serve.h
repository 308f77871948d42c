// SPDX-License-Identifier: Apache-2.0
// The signer's loop: requests from an ipc ROUTER, answers back, until STOP comes on the control pipe.
#ifndef ZT_CERTS_SIGNERD_SERVE_H
#define ZT_CERTS_SIGNERD_SERVE_H

#include "base/net/net.h"
#include "certs/signerd/answer.h"

struct zt_serve {
    struct zt_signer *signer;
    const char *endpoint;
    struct zt_fault fault; // why it is not up, or ended
    bool failed;           // ended by itself; the process was sent SIGTERM
};
// A zt_actor_fn; arg is a struct zt_serve. Binds, enters the sandbox, then says that it is ready.
void zt_serve_run(struct zt_net *net, struct zt_sock *pipe, void *arg);

#endif
