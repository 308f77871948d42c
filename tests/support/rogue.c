// SPDX-License-Identifier: Apache-2.0
#include "tests/support/rogue.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <zmq.h>

#include "base/net/inner.h"

const char *rogue_raw_name(enum rogue_raw kind)
{
    static const char *const names[] = {
        [ROGUE_SILENT] = "silent connection",
        [ROGUE_GARBAGE] = "random bytes",
        [ROGUE_HTTP] = "HTTP request",
        [ROGUE_TLS] = "TLS client hello",
        [ROGUE_ZMTP1] = "ZMTP 1.0 greeting and message",
        [ROGUE_ZMTP2] = "ZMTP 2.0 greeting and message",
        [ROGUE_ZMTP3_NULL] = "ZMTP 3.0 NULL and message",
        [ROGUE_CURVE_SKIP] = "CURVE greeting, handshake skipped",
        [ROGUE_CURVE_HELLO] = "CURVE, random HELLO",
        [ROGUE_CURVE_INITIATE] = "CURVE, INITIATE without HELLO",
        [ROGUE_CURVE_MESSAGE] = "CURVE, MESSAGE without session",
        [ROGUE_GREETING_CUT] = "half a greeting",
        [ROGUE_HUGE] = "frame of 4 GiB announced",
    };
    return names[kind];
}

struct writer {
    uint8_t *at;
    size_t len;
};

static void put(struct writer *out, const void *data, size_t len)
{
    memcpy(out->at + out->len, data, len);
    out->len += len;
}

static void put_random(struct writer *out, size_t len)
{
    if (getrandom(out->at + out->len, len, 0) != (ssize_t)len)
        abort();
    out->len += len;
}

// RFC 37: signature, version 3.0, mechanism, as-server 0, filler.
static void put_greeting3(struct writer *out, const char *mechanism)
{
    uint8_t greeting[64] = {0xff, [9] = 0x7f, [10] = 3, [11] = 0};
    memcpy(greeting + 12, mechanism, strlen(mechanism));
    put(out, greeting, sizeof greeting);
}

static void put_command(struct writer *out, const char *name, size_t random)
{
    uint8_t head[3] = {0x04, (uint8_t)(1 + strlen(name) + random), (uint8_t)strlen(name)};
    put(out, head, sizeof head);
    put(out, name, strlen(name));
    put_random(out, random);
}

static void put_ready(struct writer *out)
{
    put(out,
        "\x04\x1c\x05READY\x0bSocket-Type\0\0\0\x06"
        "DEALER",
        30);
}

static void put_word(struct writer *out)
{
    const uint8_t head[2] = {0, sizeof ROGUE_WORD - 1};
    put(out, head, sizeof head);
    put(out, ROGUE_WORD, sizeof ROGUE_WORD - 1);
}

static void put_zmtp1(struct writer *out)
{
    const uint8_t head[] = {0x01, 0x00, sizeof ROGUE_WORD, 0x00}; // no identity; length with flags
    put(out, head, sizeof head);
    put(out, ROGUE_WORD, sizeof ROGUE_WORD - 1);
}

static void put_zmtp2(struct writer *out)
{
    const uint8_t head[] = {0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 1, 5 /* DEALER */, 0, 0 /* no identity */};
    put(out, head, sizeof head);
    put_word(out);
}

size_t rogue_raw_bytes(enum rogue_raw kind, uint8_t bytes[static ROGUE_BYTES])
{
    struct writer out = {.at = bytes};
    static const char http[] = "GET / HTTP/1.1\r\nHost: broker\r\n\r\n";
    static const uint8_t hello[] = {0x16, 3, 1, 0, 0x2f, 1, 0, 0, 0x2b, 3, 3};
    static const uint8_t huge[] = {0x02, 0, 0, 0, 1, 0, 0, 0, 0}; // long frame, 2^32 bytes
    switch (kind) {
    case ROGUE_GARBAGE:
        put_random(&out, 4096);
        break;
    case ROGUE_HTTP:
        put(&out, http, sizeof http - 1);
        break;
    case ROGUE_TLS:
        put(&out, hello, sizeof hello);
        put_random(&out, 36);
        break;
    case ROGUE_ZMTP1:
        put_zmtp1(&out);
        break;
    case ROGUE_ZMTP2:
        put_zmtp2(&out);
        break;
    case ROGUE_ZMTP3_NULL:
        put_greeting3(&out, "NULL");
        put_ready(&out);
        put_word(&out);
        break;
    case ROGUE_CURVE_SKIP:
        put_greeting3(&out, "CURVE");
        put_ready(&out);
        put_word(&out);
        break;
    case ROGUE_CURVE_HELLO:
        put_greeting3(&out, "CURVE");
        put_command(&out, "HELLO", 194);
        put_word(&out);
        break;
    case ROGUE_CURVE_INITIATE:
        put_greeting3(&out, "CURVE");
        put_command(&out, "INITIATE", 240);
        put_word(&out);
        break;
    case ROGUE_CURVE_MESSAGE:
        put_greeting3(&out, "CURVE");
        put_command(&out, "MESSAGE", 64);
        break;
    case ROGUE_GREETING_CUT:
        put_greeting3(&out, "CURVE");
        out.len = 32;
        break;
    case ROGUE_HUGE:
        put_greeting3(&out, "CURVE");
        put(&out, huge, sizeof huge);
        break;
    case ROGUE_SILENT:
    case ROGUE_RAWS:
        break;
    }
    return out.len;
}

static int dial_tcp(const char *endpoint)
{
    struct sockaddr_in to = {.sin_family = AF_INET};
    char host[64];
    unsigned port;
    if (sscanf(endpoint, "tcp://%63[0-9.]:%u", host, &port) != 2 ||
        inet_pton(AF_INET, host, &to.sin_addr) != 1)
        return -1;
    to.sin_port = htons((uint16_t)port);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static int dial_abstract(const char *name)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    size_t len = strlen(name);
    if (len + 1 > sizeof to.sun_path)
        return -1;
    memcpy(to.sun_path + 1, name, len);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, (socklen_t)(sizeof to.sun_family + 1 + len)) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

int rogue_dial(const char *endpoint)
{
    const char *abstract = "ipc://@";
    int fd = strncmp(endpoint, abstract, strlen(abstract)) == 0 ? dial_abstract(endpoint + strlen(abstract))
                                                                : dial_tcp(endpoint);
    if (fd >= 0)
        fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

static bool set_mechanism(void *sock, enum rogue_mechanism mechanism, const struct zt_curve_keys *keys,
                          const char *server_public)
{
    switch (mechanism) {
    case ROGUE_PLAIN:
        return zmq_setsockopt(sock, ZMQ_PLAIN_USERNAME, "admin", 5) == 0 &&
               zmq_setsockopt(sock, ZMQ_PLAIN_PASSWORD, "admin", 5) == 0;
    case ROGUE_CURVE:
        return zmq_setsockopt(sock, ZMQ_CURVE_SERVERKEY, server_public, ZT_CURVE_TEXT_LEN) == 0 &&
               zmq_setsockopt(sock, ZMQ_CURVE_PUBLICKEY, keys->public_text, ZT_CURVE_TEXT_LEN) == 0 &&
               zmq_setsockopt(sock, ZMQ_CURVE_SECRETKEY, keys->secret_text, ZT_CURVE_TEXT_LEN) == 0;
    case ROGUE_NULL:
        break;
    }
    return true;
}

bool rogue_open(struct zt_net *net, enum rogue_mechanism mechanism, const char *endpoint,
                const struct zt_curve_keys *keys, const char *server_public, struct rogue *rogue)
{
    int none = 0;
    *rogue = (struct rogue){.sock = zmq_socket(net->context, ZMQ_DEALER)};
    if (!rogue->sock || zmq_setsockopt(rogue->sock, ZMQ_LINGER, &none, sizeof none) != 0 ||
        !set_mechanism(rogue->sock, mechanism, keys, server_public) ||
        zt_link_open(net, rogue->sock, ZMQ_EVENT_ALL, &rogue->watch, NULL) != ZT_OK ||
        zmq_connect(rogue->sock, endpoint) != 0)
        return false;
    (void)zmq_send(rogue->sock, ROGUE_WORD, sizeof ROGUE_WORD - 1, ZMQ_DONTWAIT);
    return true;
}

void rogue_follow(struct rogue *rogue)
{
    uint32_t value;
    for (uint16_t event; (event = zt_link_event(rogue->watch, 0, &value)) != 0;) {
        if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
            rogue->up = true;
        if (event & (ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                     ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_DISCONNECTED))
            rogue->ended = true;
    }
    (void)zmq_send(rogue->sock, ROGUE_WORD, sizeof ROGUE_WORD - 1, ZMQ_DONTWAIT); // and again
}

void rogue_close(struct rogue *rogue)
{
    if (rogue->sock)
        zmq_socket_monitor(rogue->sock, NULL, 0);
    if (rogue->watch)
        zmq_close(rogue->watch);
    if (rogue->sock)
        zmq_close(rogue->sock);
    *rogue = (struct rogue){0};
}

void *rogue_careless_listener(struct zt_net *net, const struct zt_curve_keys *keys, const char *endpoint)
{
    int on = 1, none = 0;
    void *sock = zmq_socket(net->context, ZMQ_ROUTER);
    if (sock && zmq_setsockopt(sock, ZMQ_LINGER, &none, sizeof none) == 0 &&
        zmq_setsockopt(sock, ZMQ_CURVE_SERVER, &on, sizeof on) == 0 &&
        zmq_setsockopt(sock, ZMQ_CURVE_SECRETKEY, keys->secret_text, ZT_CURVE_TEXT_LEN) == 0 &&
        zmq_setsockopt(sock, ZMQ_ZAP_DOMAIN, ZT_ZAP_DOMAIN, strlen(ZT_ZAP_DOMAIN)) == 0 &&
        zmq_bind(sock, endpoint) == 0)
        return sock;
    if (sock)
        zmq_close(sock);
    return NULL;
}
