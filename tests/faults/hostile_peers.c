// SPDX-License-Identifier: Apache-2.0
// Peers that attack memory, descriptors and time instead of the keys. The server runs in this process;
// attackers and the registered party run as processes of their own (this program again, by its first
// argument). Controls: the same attacks on a listener with libzmq's defaults must succeed.
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/net/inner.h"
#include "base/net/test_support.h"
#include "tests/support/rogue.h"

#define MIB          ((size_t)1024 * 1024)
#define FLOOD        (256 * MIB)
#define FILES        256 // of the server
#define CONNECTIONS  300
#define ROUNDS       200
#define CLIENT_MS    60000
#define CONTROL_MS   4000
#define SEND_TURN_MS 2

static char self[PATH_MAX];
extern char **environ;

static size_t resident(void)
{
    unsigned long pages = 0, size = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%lu %lu", &size, &pages), 2);
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

// Announces 4 GiB and sends until it is cut off; returns what the other side took.
static size_t announce_and_send(const char *endpoint, void (*serve)(void *arg), void *arg)
{
    static uint8_t block[65536];
    uint8_t bytes[ROGUE_BYTES];
    size_t len = rogue_raw_bytes(ROGUE_HUGE, bytes), sent = 0;
    int64_t deadline = zt_monotonic_ms() + WAIT_MS;
    int fd = rogue_dial(endpoint);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, len), (ssize_t)len);
    while (sent < FLOOD && zt_monotonic_ms() < deadline) {
        struct pollfd item = {.fd = fd, .events = POLLOUT};
        ssize_t done = poll(&item, 1, SEND_TURN_MS) > 0 ? send(fd, block, sizeof block, MSG_NOSIGNAL) : 0;
        if (done < 0 && errno != EAGAIN)
            break;
        sent += done > 0 ? (size_t)done : 0;
        serve(arg);
    }
    close(fd);
    return sent;
}

static void serve_nothing(void *arg)
{
    struct city *city = arg;
    bool ready;
    assert_int_equal(zt_sock_wait(&city->sock, 1, 0, &ready), ZT_E_TIMEOUT);
}

static void serve_careless(void *arg)
{
    (void)arg; // libzmq's own thread reads on without us
}

static void memory_stays_flat(void **state)
{
    struct city *city = *state;
    size_t before = resident(), sent = 0;
    for (int i = 0; i < 20; i++)
        sent += announce_and_send(city->endpoint, serve_nothing, city);
    size_t grown = resident() > before ? resident() - before : 0;
    printf("  4 GiB announced 20 times: %zu KiB taken before the cut, memory +%zu KiB\n", sent / 1024,
           grown / 1024);
    assert_true(grown < 8 * MIB);
    assert_true(sent < 20 * 16 * MIB);

    size_t careless_before = resident();
    void *careless = rogue_careless_listener(city->net, &city->server, "tcp://127.0.0.1:*");
    char endpoint[ZT_ENDPOINT_MAX];
    size_t len = sizeof endpoint;
    assert_non_null(careless);
    assert_int_equal(zmq_getsockopt(careless, ZMQ_LAST_ENDPOINT, endpoint, &len), 0);
    sent = announce_and_send(endpoint, serve_careless, NULL);
    grown = resident() - careless_before;
    zmq_close(careless);
    printf("  CONTROL: without a bound %zu MiB are taken, memory +%zu MiB\n", sent / MIB, grown / MIB);
    assert_true(sent == FLOOD && grown > FLOOD / 2);
}

// --- other processes ---

// `ends`: a pipe that was opened while there still were descriptors; the other side's standard input, which
// ends when we close ends[1].
static pid_t spawn(const char *role, const char *endpoint, const struct city *city, int ends[static 2])
{
    pid_t pid;
    posix_spawn_file_actions_t actions;
    char *argv[] = {self,
                    (char *)role,
                    (char *)endpoint,
                    (char *)city->server.public_text,
                    (char *)city->party.public_text,
                    (char *)city->party.secret_text,
                    NULL};
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    assert_int_equal(posix_spawn(&pid, self, &actions, NULL, argv, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[0]);
    return pid;
}

static void echo_all(struct zt_sock *sock)
{
    struct zt_msg msg;
    bool ready;
    zt_msg_init(&msg);
    (void)!zt_sock_wait(&sock, 1, 5, &ready);
    while (zt_sock_recv(sock, &msg) == ZT_OK)
        (void)!zt_sock_send(sock, msg.route, msg.route_len, msg.frame);
    zt_msg_fini(&msg);
}

static void echo_raw(void *sock)
{
    zmq_pollitem_t item = {.socket = sock, .events = ZMQ_POLLIN};
    char route[256], frame[256];
    if (zmq_poll(&item, 1, 5) <= 0)
        return;
    int route_len = zmq_recv(sock, route, sizeof route, ZMQ_DONTWAIT);
    int len = zmq_recv(sock, frame, sizeof frame, ZMQ_DONTWAIT);
    if (route_len > 0 && len > 0 && zmq_send(sock, route, (size_t)route_len, ZMQ_SNDMORE) > 0)
        (void)zmq_send(sock, frame, (size_t)len, 0);
}

// The party's process against our echo; true when it was served in time.
static bool served(struct city *city, const char *endpoint, void *careless, int ends[static 2], int within_ms)
{
    int status = -1;
    pid_t pid = spawn("client", endpoint, city, ends);
    int64_t deadline = zt_monotonic_ms() + within_ms;
    pid_t done = 0;
    while (done == 0 && zt_monotonic_ms() < deadline) {
        if (careless)
            echo_raw(careless);
        else
            echo_all(city->sock);
        done = waitpid(pid, &status, WNOHANG);
    }
    close(ends[1]);
    if (done == 0) {
        kill(pid, SIGKILL);
        waitpid(pid, &status, 0);
        return false;
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void end(pid_t pid, const int ends[static 2])
{
    int status;
    close(ends[1]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void await_connections(struct city *city, uint64_t at_least)
{
    int64_t deadline = zt_monotonic_ms() + WAIT_MS;
    uint64_t connected = 0, admitted;
    while (connected < at_least) {
        assert_true(zt_monotonic_ms() < deadline);
        echo_all(city->sock);
        zt_sock_handshakes(city->sock, &connected, &admitted);
    }
}

// Until this process cannot open one file more.
static void await_exhaustion(struct city *city, void *careless)
{
    int64_t deadline = zt_monotonic_ms() + WAIT_MS;
    for (int fd; (fd = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0; close(fd)) {
        assert_true(zt_monotonic_ms() < deadline);
        if (careless)
            echo_raw(careless);
        else
            echo_all(city->sock);
    }
    assert_int_equal(errno, EMFILE);
}

static void open_pipes(int pipes[][2], size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_int_equal(pipe2(pipes[i], O_CLOEXEC), 0);
}

static void attack_careful(struct city *city)
{
    int pipes[2][2];
    open_pipes(pipes, 2);
    pid_t attacker = spawn("hold", city->endpoint, city, pipes[0]);
    await_exhaustion(city, NULL);
    bool good = served(city, city->endpoint, NULL, pipes[1], CLIENT_MS);
    end(attacker, pipes[0]);
    printf("  %d silent connections, kept up, against %d descriptors: the party is %s\n", CONNECTIONS, FILES,
           good ? "served" : "NOT served");
    assert_true(good);
}

static void attack_careless(struct city *city)
{
    int pipes[3][2];
    char endpoint[ZT_ENDPOINT_MAX];
    size_t len = sizeof endpoint;
    void *careless = rogue_careless_listener(city->net, &city->server, "tcp://127.0.0.1:*");
    assert_non_null(careless);
    assert_int_equal(zmq_getsockopt(careless, ZMQ_LAST_ENDPOINT, endpoint, &len), 0);
    open_pipes(pipes, 3);
    assert_true(served(city, endpoint, careless, pipes[0], CLIENT_MS)); // works while nobody attacks
    pid_t attacker = spawn("hold", endpoint, city, pipes[1]);
    await_exhaustion(city, careless);
    bool good = served(city, endpoint, careless, pipes[2], CONTROL_MS);
    end(attacker, pipes[1]);
    zmq_close(careless);
    printf("  CONTROL: with 30 s for a handshake the party is %s within %d ms\n",
           good ? "served" : "not served", CONTROL_MS);
    assert_false(good);
}

static void descriptors_come_back(void **state)
{
    struct rlimit before, few;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    few = before;
    few.rlim_cur = FILES;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    attack_careful(*state);
    attack_careless(*state);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

static void a_flood_of_handshakes(void **state)
{
    struct city *city = *state;
    int pipes[3][2];
    uint64_t connected, admitted;
    open_pipes(pipes, 3);
    assert_true(served(city, city->endpoint, NULL, pipes[0], CLIENT_MS)); // its times without the flood
    pid_t attacker = spawn("flood", city->endpoint, city, pipes[1]);
    await_connections(city, 500);
    bool good = served(city, city->endpoint, NULL, pipes[2], CLIENT_MS);
    end(attacker, pipes[1]);
    zt_sock_handshakes(city->sock, &connected, &admitted);
    printf("  %llu connections, %llu admitted: %d exchanges during the flood %s\n",
           (unsigned long long)connected, (unsigned long long)admitted, ROUNDS,
           good ? "served" : "NOT served");
    assert_true(good);
    assert_in_range(admitted, 2, 10); // a slow machine may make the party connect again; nobody else gets in
}

// --- what the other processes do ---

static bool told_to_stop(int wait_ms)
{
    struct pollfd item = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&item, 1, wait_ms) != 0;
}

static int hold_connections(const char *endpoint)
{
    int fds[CONNECTIONS];
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return 2;
    files.rlim_cur = files.rlim_max; // the attacker has more than the server
    if (setrlimit(RLIMIT_NOFILE, &files) != 0)
        return 2;
    for (int i = 0; i < CONNECTIONS; i++)
        fds[i] = -1;
    while (!told_to_stop(10)) {
        for (int i = 0; i < CONNECTIONS; i++) {
            char byte;
            if (fds[i] >= 0 && (recv(fds[i], &byte, 1, MSG_PEEK | MSG_DONTWAIT) != 0 || errno == EAGAIN))
                continue; // still open: the greeting of the server stays unread
            if (fds[i] >= 0)
                close(fds[i]);
            fds[i] = rogue_dial(endpoint);
        }
    }
    return 0;
}

static int flood_handshakes(const char *endpoint)
{
    uint8_t bytes[ROGUE_BYTES];
    for (unsigned i = 0; !told_to_stop(0); i++) {
        size_t len = rogue_raw_bytes((enum rogue_raw)(i % ROGUE_RAWS), bytes);
        int fd = rogue_dial(endpoint);
        if (fd < 0)
            continue;
        (void)!send(fd, bytes, len, MSG_NOSIGNAL);
        close(fd);
    }
    return 0;
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static int be_served(char **argv)
{
    struct zt_net *net = NULL;
    struct zt_sock *sock = NULL;
    struct zt_curve_keys keys;
    struct zt_msg msg;
    int64_t times[ROUNDS];
    zt_msg_init(&msg);
    snprintf(keys.public_text, sizeof keys.public_text, "%s", argv[4]);
    snprintf(keys.secret_text, sizeof keys.secret_text, "%s", argv[5]);
    struct zt_connect_options options = {argv[2], &keys, argv[3], ZT_FRAME_SMALL, 0};
    if (zt_net_open(&net) != ZT_OK || zt_sock_connect(net, &options, &sock, NULL) != ZT_OK)
        return 2;
    for (int i = 0; i < ROUNDS; i++) {
        int64_t sent = zt_monotonic_ns();
        if (send_within(sock, "ping", CLIENT_MS) != ZT_OK ||
            zt_sock_recv_within(sock, &msg, CLIENT_MS) != ZT_OK)
            return 3;
        times[i] = zt_monotonic_ns() - sent;
    }
    double first = (double)times[0] / 1e6;
    qsort(times, ROUNDS, sizeof *times, compare);
    printf("  party: first answer after %.1f ms; exchange median %.3f ms, p99 %.3f ms\n", first,
           (double)times[ROUNDS / 2] / 1e6, (double)times[ROUNDS * 99 / 100] / 1e6);
    zt_msg_fini(&msg);
    zt_sock_close(&sock);
    zt_net_close(&net);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(memory_stays_flat, open_city, close_city),
        cmocka_unit_test_setup_teardown(descriptors_come_back, open_city, close_city),
        cmocka_unit_test_setup_teardown(a_flood_of_handshakes, open_city, close_city),
    };
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    if (len <= 0)
        return 2;
    self[len] = 0;
    if (argc > 5 && strcmp(argv[1], "client") == 0)
        return be_served(argv);
    if (argc > 2 && strcmp(argv[1], "hold") == 0)
        return hold_connections(argv[2]);
    if (argc > 2 && strcmp(argv[1], "flood") == 0)
        return flood_handshakes(argv[2]);
    return cmocka_run_group_tests_name("faults/hostile-peers", tests, NULL, NULL);
}
