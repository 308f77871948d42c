// SPDX-License-Identifier: Apache-2.0
// The signer's cage: after start-up only the system calls that serving needs are left (libseccomp).
//
// Left are reading, writing, accepting on the socket that is bound, replacing the state file, memory without
// execution, and ending. Not left: new sockets, connecting, programs, threads, tracing, module and mount
// calls, executable memory. A refused call ends the process with status ZT_SANDBOX_EXIT after one log line;
// in a thread of libzmq, where signals are blocked, the kernel ends it by SIGSYS without that line.
//
// Rules: for all threads of the process, for good. Call it when every thread and socket is there.
#ifndef ZT_CERTS_SIGNERD_SANDBOX_H
#define ZT_CERTS_SIGNERD_SANDBOX_H

#include "base/err.h"

#define ZT_SANDBOX_EXIT 70 // EX_SOFTWARE

ZT_MUST_USE enum zt_err zt_sandbox_enter(struct zt_fault *fault);

// Keeps the keys out of swap, as far as the limit allows; logs what it could do.
void zt_sandbox_lock_memory(void);

#endif
