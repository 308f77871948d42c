// SPDX-License-Identifier: Apache-2.0
// zt-signerd: holds the private keys and nothing else. Start-up: harden, read everything, bind, enter the
// sandbox, serve.
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/log.h"
#include "certs/signerd/config.h"
#include "certs/signerd/sandbox.h"
#include "certs/signerd/serve.h"

struct options {
    const char *config;
    bool check;
};

static const char usage[] =
    "usage: zt-signerd --config FILE [--check]\n"
    "  --config FILE  signer.yaml: keys, state, socket, origin (DESIGN.md section 5)\n"
    "  --check        look at configuration, keys and state, say what is wrong, and end\n"
    "  --help, --version\n"
    "Holds the departments' and the ledger's private keys; signs for the broker over a local socket.\n";

// -1: go on; otherwise the exit status.
static int read_options(int argc, char **argv, struct options *options)
{
    static const struct option known[] = {{"config", required_argument, NULL, 'c'},
                                          {"check", no_argument, NULL, 'k'},
                                          {"help", no_argument, NULL, 'h'},
                                          {"version", no_argument, NULL, 'v'},
                                          {NULL, 0, NULL, 0}};
    int option;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (option == 'c')
            options->config = optarg;
        else if (option == 'k')
            options->check = true;
        else if (option == 'h' || option == 'v')
            return fputs(option == 'h' ? usage : "zt-signerd " ZT_VERSION "\n", stdout) < 0;
        else
            return fputs(usage, stderr), 2;
    }
    if (!options->config || optind != argc)
        return fputs(usage, stderr), 2;
    return -1;
}

// Signals wait until main asks for them, in every thread that starts later too.
static void hold_signals(sigset_t *ends)
{
    sigemptyset(ends);
    sigaddset(ends, SIGTERM);
    sigaddset(ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, ends, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static enum zt_err serve(struct zt_signer *signer, const char *endpoint, struct zt_fault *fault)
{
    struct zt_serve serve = {.signer = signer, .endpoint = endpoint};
    struct zt_net *net = NULL;
    struct zt_actor *actor = NULL;
    sigset_t ends;
    int which = 0;
    hold_signals(&ends);
    enum zt_err rc = zt_net_open(&net);
    if (rc != ZT_OK)
        return zt_fault_set(fault, rc, "signer.net", "", "no messaging context");
    rc = zt_actor_start(net, "signer", zt_serve_run, &serve, &actor);
    if (rc == ZT_OK) {
        zt_log_info("ZT-SIGNER-UP", "%zu keys; serving", signer->vault.count);
        sigwait(&ends, &which);
        zt_actor_stop(&actor);
        zt_log_info("ZT-SIGNER-DOWN", "ended");
    }
    if (rc != ZT_OK || serve.failed) {
        rc = rc == ZT_OK ? serve.fault.code : rc;
        *fault = serve.fault;
    }
    zt_net_close(&net);
    return rc;
}

static enum zt_err run(const struct options *options, struct zt_fault *fault)
{
    struct zt_signer_config *config = NULL;
    struct zt_signer signer = {.head.lock = -1};
    enum zt_err rc;
    ZT_TRY(zt_process_harden(fault));
    ZT_TRY(zt_signer_config_load(options->config, &config, fault));
    zt_sandbox_lock_memory();
    ZT_TRY(zt_signer_open(config, &signer, fault));
    if (options->check)
        zt_log_info("ZT-SIGNER-CHECKED", "%zu keys, configuration and state are in order",
                    signer.vault.count);
    else
        rc = serve(&signer, config->socket, fault);
out:
    zt_signer_close(&signer);
    zt_signer_config_free(&config);
    return rc;
}

int main(int argc, char **argv)
{
    struct options options = {.config = NULL};
    struct zt_fault fault = {.code = ZT_OK};
    int status = read_options(argc, argv, &options);
    if (status >= 0)
        return status;
    umask(077);
    zt_log_open("zt-signerd", ZT_LOG_INFO);
    enum zt_err rc = run(&options, &fault);
    if (rc == ZT_OK)
        return 0;
    if (fault.code == ZT_OK)
        zt_fault_set(&fault, rc, "signer.start", "", "%s", zt_err_name(rc));
    zt_log_fault("ZT-SIGNER-STOP", &fault);
    return 1;
}
