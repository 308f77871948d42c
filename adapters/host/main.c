// SPDX-License-Identifier: Apache-2.0
// zt-adapter: one department's data, from its own system to the broker.
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "adapters/host/adapter.h"
#include "base/file.h"
#include "base/log.h"

static const char usage[] =
    "Usage: zt-adapter --config FILE [--once | --check]\n"
    "Reads a department's tables and files, and hands signed records to the broker. 部门数据接入程序。\n"
    "\n"
    "  --config FILE  adapter-<source>.yaml: see docs/write-an-adapter.md\n"
    "  --once         read everything to its end, wait until all is acknowledged, then end. 读完即止\n"
    "  --check        try the first 100 rows of each dataset, send nothing, and report. 试读，不发送\n"
    "  --help, --version\n"
    "\n"
    "Exit status: 0 done (rows in quarantine are counted in the last lines, and do not change it);\n"
    "1 the source or the broker could not be reached, or --check found bad rows; 2 wrong arguments or\n"
    "configuration.\n";

struct options {
    const char *config;
    bool once, check, help, version;
};

static volatile sig_atomic_t stop; // set by a signal, read by the loop

static void on_signal(int number)
{
    (void)number;
    stop = 1;
}

static bool parse(int argc, char **argv, struct options *options)
{
    static const struct option list[] = {
        {"config", required_argument, NULL, 'c'}, {"once", no_argument, NULL, 'o'},
        {"check", no_argument, NULL, 't'},        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'v'},      {NULL, 0, NULL, 0},
    };
    for (int c; (c = getopt_long(argc, argv, "", list, NULL)) != -1;) {
        options->once |= c == 'o';
        options->check |= c == 't';
        options->help |= c == 'h';
        options->version |= c == 'v';
        if (c == 'c')
            options->config = optarg;
        if (c == '?')
            return false;
    }
    bool enough = options->help || options->version || options->config;
    return enough && optind == argc && !(options->once && options->check);
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
}

static enum zt_err run(const struct options *options, struct zt_adapter *adapter, struct zt_fault *fault)
{
    enum zt_err rc = zt_adapter_open(adapter, options->once, fault);
    if (rc != ZT_OK)
        return rc;
    zt_log_info("ZT-ADAPTER-UP", "%s reads %zu datasets for %s", adapter->config->source,
                adapter->stream_count, adapter->config->broker);
    return zt_adapter_run(adapter, &stop, stdout, fault);
}

static int work(const struct options *options)
{
    struct zt_adapter adapter;
    struct zt_fault fault = {0};
    enum zt_err rc = zt_adapter_prepare(options->config, &adapter, &fault);
    if (rc == ZT_OK && options->check)
        rc = zt_adapter_try(&adapter, stdout);
    else if (rc == ZT_OK)
        rc = run(options, &adapter, &fault);
    if (rc != ZT_OK && !options->check)
        zt_log_fault("ZT-ADAPTER-END", &fault);
    else if (rc != ZT_OK && *fault.rule)
        zt_log_fault("ZT-ADAPTER-END", &fault);
    zt_adapter_close(&adapter);
    bool wrong = rc == ZT_E_CONFIG || rc == ZT_E_ABSENT;
    return rc == ZT_OK ? 0 : wrong ? 2 : 1;
}

int main(int argc, char **argv)
{
    struct options options = {0};
    struct zt_fault fault;
    zt_log_open("zt-adapter", ZT_LOG_INFO);
    if (!parse(argc, argv, &options) || options.help) {
        fputs(usage, options.help ? stdout : stderr);
        return options.help ? 0 : 2;
    }
    if (options.version) {
        puts("zt-adapter " ZT_VERSION);
        return 0;
    }
    if (zt_process_harden(&fault) != ZT_OK) {
        zt_log_fault("ZT-ADAPTER-END", &fault);
        return 1;
    }
    catch_signals();
    return work(&options);
}
