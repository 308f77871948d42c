// SPDX-License-Identifier: Apache-2.0
#include "tests/support/peer.h"

#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

#define RETRY_MS 20

static volatile sig_atomic_t stopped;

static void stop(int number)
{
    (void)number;
    stopped = 1;
}

bool zt_peer_stopped(void)
{
    return stopped != 0;
}

void zt_peer_fail(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    (void)!vfprintf(stderr, fmt, args);
    va_end(args);
    (void)!fputc('\n', stderr);
    exit(1);
}

static void parse(int argc, char **argv, struct zt_peer_options *options)
{
    static const struct option known[] = {{"endpoint", required_argument, NULL, 'e'},
                                          {"key", required_argument, NULL, 'k'},
                                          {"server-public", required_argument, NULL, 's'},
                                          {"record", required_argument, NULL, 'r'},
                                          {"signing-key", required_argument, NULL, 'g'},
                                          {"persons", required_argument, NULL, 'p'},
                                          {0}};
    int64_t number = 0;
    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        if (option == 'e')
            options->endpoint = optarg;
        else if (option == 'k')
            options->key = optarg;
        else if (option == 's')
            options->server_public = optarg;
        else if (option == 'r')
            options->record = optarg;
        else if (option == 'g')
            options->signing_key = optarg;
        else if (option == 'p' && zt_parse_i64(optarg, 1, UINT32_MAX, &number) == ZT_OK)
            options->persons = (unsigned)number;
        else
            zt_peer_fail("%s: wrong options", argv[0]);
    }
    if (optind != argc || !options->endpoint || !options->key || !options->server_public ||
        !options->record || !options->persons)
        zt_peer_fail("%s: options are missing", argv[0]);
}

static void handle_signals(void)
{
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
}

void zt_peer_open(int argc, char **argv, size_t max_frame, struct zt_peer *peer)
{
    struct zt_curve_keys keys;
    char server[ZT_CURVE_TEXT_LEN + 1];
    struct zt_fault fault = {0};
    *peer = (struct zt_peer){.record = -1};
    parse(argc, argv, &peer->options);
    handle_signals();
    zt_msg_init(&peer->msg);
    struct zt_connect_options connect = {
        .endpoint = peer->options.endpoint, .keys = &keys, .server_public = server, .max_frame = max_frame};
    enum zt_err rc;
    ZT_TRY(zt_curve_keys_load(peer->options.key, &keys, &fault));
    ZT_TRY(zt_curve_public_load(peer->options.server_public, server, &fault));
    ZT_TRY(zt_net_open(&peer->net));
    ZT_TRY(zt_sock_connect(peer->net, &connect, &peer->sock, &fault));
    zt_curve_keys_wipe(&keys);
    peer->record = open(peer->options.record, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (peer->record < 0)
        rc = zt_fault_errno(&fault, "peer.record", peer->options.record, "cannot open");
out:
    if (rc != ZT_OK)
        zt_peer_fail("%s %s %s", fault.rule, fault.place, fault.text);
}

void zt_peer_close(struct zt_peer *peer)
{
    zt_msg_fini(&peer->msg);
    zt_sock_close(&peer->sock);
    zt_net_close(&peer->net);
    close(peer->record);
}

void zt_peer_write(struct zt_peer *peer, const char *fmt, ...)
{
    char line[1024];
    va_list args;
    va_start(args, fmt);
    int len = vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    if (len < 0 || (size_t)len >= sizeof line ||
        zt_write_all(peer->record, (struct zt_bytes){(const uint8_t *)line, (size_t)len}) != ZT_OK)
        zt_peer_fail("cannot write the record");
}

bool zt_peer_send(struct zt_peer *peer, struct zt_bytes frame)
{
    while (!stopped) {
        bool ready[1];
        enum zt_err rc = zt_sock_send(peer->sock, NULL, 0, frame);
        if (rc == ZT_OK)
            return true;
        if (rc != ZT_E_LIMIT)
            zt_peer_fail("cannot send: %s", zt_err_name(rc));
        (void)!zt_sock_wait(&peer->sock, 1, RETRY_MS, ready);
    }
    return false;
}
