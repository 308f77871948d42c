// SPDX-License-Identifier: Apache-2.0
#include "certs/signerd/sandbox.h"

#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"

static const int allowed[] = {
    // descriptors that are open, and those of accepted peers
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(close),
    SCMP_SYS(lseek),
    SCMP_SYS(fcntl),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(statx),
    SCMP_SYS(accept),
    SCMP_SYS(accept4),
    SCMP_SYS(recvfrom),
    SCMP_SYS(recvmsg),
    SCMP_SYS(sendto),
    SCMP_SYS(sendmsg),
    SCMP_SYS(shutdown),
    SCMP_SYS(getsockopt),
    SCMP_SYS(setsockopt),
    SCMP_SYS(getsockname),
    SCMP_SYS(getpeername),
    SCMP_SYS(eventfd2),
    SCMP_SYS(epoll_create1),
    SCMP_SYS(epoll_ctl),
    SCMP_SYS(epoll_wait),
    SCMP_SYS(epoll_pwait),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(select),
    SCMP_SYS(pselect6),
    // the state file and, at the end, the socket file
    SCMP_SYS(openat),
    SCMP_SYS(open),
    SCMP_SYS(rename),
    SCMP_SYS(renameat),
    SCMP_SYS(renameat2),
    SCMP_SYS(unlink),
    SCMP_SYS(unlinkat),
    SCMP_SYS(rmdir),
    SCMP_SYS(fsync),
    SCMP_SYS(fdatasync),
    SCMP_SYS(fchmod),
    SCMP_SYS(fchmodat),
    SCMP_SYS(chmod),
    SCMP_SYS(ftruncate),
    SCMP_SYS(umask),
    // memory (execution is ruled out below), threads that are there, time, randomness, signals, the end
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(sched_yield),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(getrandom),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(tgkill),
    SCMP_SYS(kill),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigtimedwait),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(geteuid),
    SCMP_SYS(getuid),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(sched_getaffinity), // malloc, when it makes an arena for a thread
    // a thread of libzmq may not have begun yet when the sandbox closes: what it does first
    SCMP_SYS(sched_getparam),
    SCMP_SYS(sched_getscheduler),
    SCMP_SYS(sched_setscheduler),
#ifdef ZT_SANITIZED // what the runtime of a sanitizer needs to report
    SCMP_SYS(clone),
    SCMP_SYS(clone3),
    SCMP_SYS(ptrace),
    SCMP_SYS(prctl),
    SCMP_SYS(wait4),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getdents64),
    SCMP_SYS(prlimit64),
    SCMP_SYS(pipe2),
    SCMP_SYS(ioctl),
    SCMP_SYS(uname),
    SCMP_SYS(getppid),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(arch_prctl),
#endif
};

static void put_number(char **at, unsigned number)
{
    char digits[12];
    size_t len = 0;
    do {
        digits[len++] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    while (len)
        *(*at)++ = digits[--len];
}

// In a signal handler nothing but write(2): the line is put together by hand.
static void on_refused(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)context;
    static const char start[] =
        "{\"level\":\"error\",\"program\":\"zt-signerd\",\"id\":\"ZT-SIGNER-SANDBOX\",\"text\":"
        "\"system call ";
    static const char end[] = " is refused: ending\"}\n";
    char line[sizeof start + sizeof end + 12], *at = line;
    memcpy(at, start, sizeof start - 1);
    at += sizeof start - 1;
    put_number(&at, (unsigned)info->si_syscall);
    memcpy(at, end, sizeof end - 1);
    at += sizeof end - 1;
    (void)!write(STDERR_FILENO, line, (size_t)(at - line));
    _exit(ZT_SANDBOX_EXIT);
}

static int catch_refusals(void)
{
    struct sigaction action = {.sa_sigaction = on_refused, .sa_flags = SA_SIGINFO};
    sigset_t refused;
    sigemptyset(&action.sa_mask);
    sigemptyset(&refused);
    sigaddset(&refused, SIGSYS);
    int failed = sigaction(SIGSYS, &action, NULL);
    return failed ? errno : pthread_sigmask(SIG_UNBLOCK, &refused, NULL);
}

static int add_rules(scmp_filter_ctx filter)
{
    int failed = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
    for (size_t i = 0; !failed && i < sizeof allowed / sizeof *allowed; i++)
        failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
    static const int mapping[] = {SCMP_SYS(mmap), SCMP_SYS(mprotect)};
    for (size_t i = 0; !failed && i < 2; i++)
        failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, mapping[i], 1,
                                  SCMP_A2(SCMP_CMP_MASKED_EQ, (scmp_datum_t)PROT_EXEC, 0));
    if (!failed)
        failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
                                  SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)PR_SET_NAME, 0));
    return failed;
}

enum zt_err zt_sandbox_enter(struct zt_fault *fault)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_TRAP);
    int failed = filter ? catch_refusals() : ENOMEM;
    if (!failed)
        failed = add_rules(filter);
    if (!failed)
        failed = seccomp_load(filter);
    seccomp_release(filter);
    if (failed)
        return zt_fault_set(fault, ZT_E_IO, "signer.sandbox", "", "the system call filter cannot be set: %s",
                            strerrordesc_np(failed < 0 ? -failed : failed));
    return ZT_OK;
}

void zt_sandbox_lock_memory(void)
{
    struct rlimit limit;
    // With a limit, future memory is left alone: past the limit every allocation would fail.
    int what = MCL_CURRENT | MCL_ONFAULT;
    if (getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur == RLIM_INFINITY)
        what |= MCL_FUTURE;
    if (mlockall(what) == 0)
        zt_log_info("ZT-SIGNER-MEMORY", "%s memory is kept out of swap",
                    what & MCL_FUTURE ? "all" : "the present");
    else
        zt_log_warn("ZT-SIGNER-MEMORY", "memory may be swapped out: %s; raise the limit of locked memory",
                    strerrordesc_np(errno));
}
