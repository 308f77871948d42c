// SPDX-License-Identifier: Apache-2.0
// libzmq blocks every signal in its threads, and a blocked SIGSYS means death without a word. This definition
// stands before the C library's for the whole program: it leaves SIGSYS open whatever is asked, so that the
// handler of sandbox.c names the refused system call in every thread.
#include <errno.h>
#include <signal.h>
#include <stddef.h>

int pthread_sigmask(int how, const sigset_t *set, sigset_t *old)
{
    sigset_t wanted;
    if (set) {
        wanted = *set;
        if (how != SIG_UNBLOCK)
            sigdelset(&wanted, SIGSYS);
    }
    // Linux: sigprocmask works on the calling thread alone.
    return sigprocmask(how, set ? &wanted : NULL, old) == 0 ? 0 : errno;
}
