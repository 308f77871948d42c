// SPDX-License-Identifier: Apache-2.0
// zt-brokerd: takes what departments publish, answers who may ask, and keeps the ledger of it.
#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>

#include "base/log.h"
#include "broker/broker.h"
#include "broker/control.h"

static const char help[] =
    "Usage: zt-brokerd --config FILE [--check]\n"
    "The broker of the data-sharing gateway: intake, store, counter and ledger in one process.\n"
    "\n"
    "  --config FILE  broker.yaml\n"
    "  --check        check the configuration, the keys and the catalogue, and end\n"
    "  --help         this text\n"
    "  --version      the version\n"
    "\n"
    "Signals: SIGHUP reads the catalogue again, all or nothing; SIGTERM and SIGINT end orderly.\n"
    "Exit status: 0 ended orderly, 64 wrong usage, 70 storage failed (start again), 78 configuration.\n";

struct arguments {
    const char *config;
    bool check;
};

// -1: go on; otherwise the exit status.
static int parse(int argc, char **argv, struct arguments *arguments)
{
    static const struct option options[] = {{"config", required_argument, NULL, 'c'},
                                            {"check", no_argument, NULL, 'k'},
                                            {"help", no_argument, NULL, 'h'},
                                            {"version", no_argument, NULL, 'v'},
                                            {0}};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 'c':
            arguments->config = optarg;
            break;
        case 'k':
            arguments->check = true;
            break;
        case 'h':
            (void)!fputs(help, stdout);
            return EX_OK;
        case 'v':
            (void)!puts("zt-brokerd " ZT_VERSION);
            return EX_OK;
        default:
            return EX_USAGE;
        }
    }
    if (arguments->config && optind == argc)
        return -1;
    (void)!fputs(help, stderr);
    return EX_USAGE;
}

// A supervisor starts a broker whose storage failed again; one whose configuration is wrong needs a person.
static int status_of(enum zt_err rc, bool storing)
{
    if (rc == ZT_OK)
        return EX_OK;
    bool broken = rc == ZT_E_IO || rc == ZT_E_CORRUPT || rc == ZT_E_NOMEM;
    return storing && broken ? ZT_BROKER_EXIT_BROKEN : EX_CONFIG;
}

static int run(const struct arguments *arguments)
{
    struct zt_broker_config *config = NULL;
    struct zt_broker broker;
    struct zt_fault fault = {0};
    enum zt_err rc = zt_broker_config_load(arguments->config, &config, &fault);
    zt_broker_init(&broker, config);
    if (rc == ZT_OK)
        rc = arguments->check ? zt_broker_check(&broker, &fault) : zt_broker_start(&broker, &fault);
    if (rc != ZT_OK)
        zt_log_fault("ZT-BROKER", &fault);
    else if (arguments->check)
        (void)!puts("configuration, keys and catalogue are good");
    else
        zt_broker_serve(&broker);
    zt_broker_stop(&broker);
    zt_broker_config_free(&config);
    if (rc == ZT_OK && !arguments->check)
        zt_log_info("ZT-BROKER-END", "ended orderly");
    return status_of(rc, broker.storing);
}

int main(int argc, char **argv)
{
    struct arguments arguments = {0};
    int status = parse(argc, argv, &arguments);
    if (status >= 0)
        return status;
    zt_log_open("zt-brokerd", ZT_LOG_INFO);
    return run(&arguments);
}
