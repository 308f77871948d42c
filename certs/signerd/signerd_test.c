// SPDX-License-Identifier: Apache-2.0
// The real zt-signerd, asked over its socket as the broker asks.
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/net/net.h"
#include "base/test_support.h"
#include "certs/note.h"
#include "certs/verify.h"
#include "proto/signer.h"
#include "proto/wire.h"
#include "tests/support/certificate.h"
#include "tests/support/signer_home.h"

#define PATIENCE_MS 10000
#define AGAIN_MS    2000
#define LEAVES      40

static struct zt_signer_home home;
static struct zt_net *net;
static struct zt_sock *sock;
static struct zt_arena arena;
static struct zt_msg msg;
static uint64_t ticket = 1000; // of the last question
static pid_t signer;

static pid_t spawn(const char *extra)
{
    char program[PATH_MAX], log[PATH_MAX];
    snprintf(program, sizeof program, "%s/zt-signerd", getenv("ZT_BIN_DIR"));
    snprintf(log, sizeof log, "%s/log", home.dir);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
        dup2(fd, STDERR_FILENO);
        execl(program, program, "--config", home.config, extra, (char *)NULL);
        _exit(127);
    }
    return child;
}

static int end_of(pid_t child)
{
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void send_frame(struct zt_bytes frame)
{
    int64_t end = zt_monotonic_ms() + PATIENCE_MS;
    enum zt_err rc;
    while ((rc = zt_sock_send(sock, NULL, 0, frame)) == ZT_E_LIMIT && zt_monotonic_ms() < end)
        (void)!zt_sock_recv_within(sock, &msg, 20); // until it is connected
    assert_int_equal(rc, ZT_OK);
}

static bool next_answer(struct zt_sign_answer *answer, int timeout_ms)
{
    enum zt_wire_type type;
    struct zt_bytes body;
    zt_arena_reset(&arena);
    enum zt_err rc = zt_sock_recv_within(sock, &msg, timeout_ms);
    if (rc == ZT_E_TIMEOUT)
        return false;
    assert_int_equal(rc, ZT_OK);
    assert_int_equal(zt_wire_open(msg.frame, &type, &body, NULL), ZT_OK);
    assert_int_equal((int)type, ZT_WIRE_SIGN_ANSWER);
    assert_int_equal(zt_sign_answer_parse(body, &arena, answer, NULL), ZT_OK);
    return true;
}

// Asks again when nothing comes: a question that was on its way to a killed signer is gone.
static struct zt_sign_answer ask(struct zt_sign_request *request)
{
    struct zt_sign_answer answer = {.ticket = 0};
    struct zt_buf frame;
    request->ticket = ++ticket;
    zt_buf_init(&frame, zt_wire_max(ZT_WIRE_SIGN_REQUEST));
    assert_int_equal(zt_sign_request_encode(request, &frame), ZT_OK);
    for (int64_t end = zt_monotonic_ms() + PATIENCE_MS; answer.ticket != ticket;) {
        assert_true(zt_monotonic_ms() < end);
        send_frame(zt_buf_bytes(&frame));
        while (next_answer(&answer, AGAIN_MS) && answer.ticket != ticket)
            ; // answers to older questions
    }
    zt_buf_fini(&frame);
    return answer;
}

static struct zt_sign_answer ask_key(const char *issuer, enum zt_sig_alg alg)
{
    struct zt_sign_request request = {.act = ZT_SIGN_KEY, .issuer = issuer, .alg = alg};
    return ask(&request);
}

static struct zt_sign_answer ask_checkpoint(const uint8_t *leaves, size_t old, size_t size)
{
    struct zt_sign_request request = {
        .act = ZT_SIGN_CHECKPOINT, .origin = ZT_HOME_ORIGIN, .old_size = old, .size = size};
    struct zt_proof proof;
    struct zt_bytes parts[ZT_PROOF_MAX];
    assert_int_equal(zt_merkle_root(ZT_SHA256, leaves, size, request.root), ZT_OK);
    assert_int_equal(zt_merkle_prove_consistency(ZT_SHA256, leaves, size, old, &proof), ZT_OK);
    for (size_t i = 0; i < proof.count; i++)
        parts[i] = (struct zt_bytes){proof.hashes[i], ZT_HASH_LEN};
    request.proof = parts;
    request.proof_count = proof.count;
    return ask(&request);
}

static int start_all(void **state)
{
    (void)state;
    zt_signer_home_make(&home);
    zt_arena_init(&arena, (size_t)4 * 1024 * 1024);
    zt_msg_init(&msg);
    signer = spawn(NULL);
    struct zt_connect_options options = {.endpoint = home.endpoint, .max_frame = ZT_FRAME_BATCH};
    return zt_net_open(&net) == ZT_OK && zt_sock_connect(net, &options, &sock, NULL) == ZT_OK ? 0 : -1;
}

static int stop_all(void **state)
{
    (void)state;
    if (signer > 0) {
        kill(signer, SIGKILL);
        end_of(signer);
        signer = 0;
    }
    zt_sock_close(&sock);
    zt_net_close(&net);
    zt_msg_fini(&msg);
    zt_arena_fini(&arena);
    zt_signer_home_remove(&home);
    return 0;
}

static void read_log(char *text, size_t max)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/log", home.dir);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, max - 1, file)] = 0;
    fclose(file);
}

// A whole certificate: key, prepare, have it signed, finish, verify against the roots.
static void certificates(void **state)
{
    (void)state;
    char trust_dir[PATH_MAX], path[PATH_MAX];
    struct zt_trust *trust = NULL;
    snprintf(trust_dir, sizeof trust_dir, "%s/trust", home.dir);
    assert_int_equal(mkdir(trust_dir, 0700), 0);
    for (int i = 0; i < 2; i++) {
        assert_true(snprintf(path, sizeof path, "%s/%d.pem", trust_dir, i) < (int)sizeof path);
        zt_pki_write_root(&home.pki[i], path);
    }
    assert_int_equal(zt_trust_open(trust_dir, &trust, NULL), ZT_OK);
    for (int alg = ZT_ES256; alg <= ZT_SM2; alg++) {
        struct zt_statement statement = zt_sample_statement();
        struct zt_buf input, disclosures, compact;
        struct zt_verified verified;
        zt_buf_init(&input, ZT_STATEMENT_MAX);
        zt_buf_init(&disclosures, ZT_STATEMENT_MAX);
        zt_buf_init(&compact, ZT_STATEMENT_MAX);
        char today[ZT_DATE_LEN + 1];
        zt_date_of_ms(zt_now_ms(), today);
        statement.valid_from = today;
        statement.valid_to = "";
        struct zt_sign_answer told = ask_key(ZT_HOME_DEPARTMENT, (enum zt_sig_alg)alg);
        assert_int_equal((int)told.code, ZT_OK);
        assert_int_equal(told.chain_count, 2);
        struct zt_signing_key key = {told.key_id, (enum zt_sig_alg)alg, told.chain, told.chain_count};
        assert_int_equal(zt_statement_prepare(&statement, &key, &input, &disclosures, NULL), ZT_OK);
        struct zt_bytes message = zt_buf_bytes(&input);
        struct zt_sign_request request = {.act = ZT_SIGN_MESSAGES,
                                          .issuer = ZT_HOME_DEPARTMENT,
                                          .alg = (enum zt_sig_alg)alg,
                                          .messages = &message,
                                          .message_count = 1};
        struct zt_sign_answer answer = ask(&request);
        assert_int_equal((int)answer.code, ZT_OK);
        assert_int_equal(answer.signature_count, 1);
        assert_int_equal(
            zt_statement_finish(message, answer.signatures[0].data, zt_buf_bytes(&disclosures), &compact),
            ZT_OK);
        assert_int_equal(zt_certificate_verify(zt_buf_bytes(&compact), trust, zt_now_ms(), &arena, &verified),
                         ZT_OK);
        assert_true(verified.valid);
        zt_buf_fini(&input);
        zt_buf_fini(&disclosures);
        zt_buf_fini(&compact);
    }
    zt_trust_close(&trust);
}

static void many_messages(void **state)
{
    (void)state;
    static char texts[ZT_SIGN_MAX][16];
    static struct zt_bytes messages[ZT_SIGN_MAX];
    for (size_t i = 0; i < ZT_SIGN_MAX; i++) {
        snprintf(texts[i], sizeof texts[i], "message %zu", i);
        messages[i] = zt_bytes_str(texts[i]);
    }
    struct zt_sign_request request = {.act = ZT_SIGN_MESSAGES,
                                      .issuer = ZT_HOME_DEPARTMENT,
                                      .alg = ZT_ES256,
                                      .messages = messages,
                                      .message_count = ZT_SIGN_MAX};
    struct zt_sign_answer answer = ask(&request);
    assert_int_equal(answer.signature_count, ZT_SIGN_MAX);
    for (size_t i = 0; i < ZT_SIGN_MAX; i += 31)
        assert_int_equal(zt_verify(home.pki[0].leaf, messages[i], answer.signatures[i]), ZT_OK);
    char log[8192]; // one line, and nothing of the content
    read_log(log, sizeof log);
    assert_non_null(strstr(log, "1024 messages with key civil_affairs-es256-"));
    assert_null(strstr(log, "message 7"));
}

static void refused_requests(void **state)
{
    (void)state;
    struct zt_bytes message = zt_bytes_str("x");
    struct zt_sign_request request = {
        .act = ZT_SIGN_MESSAGES, .issuer = "tax", .alg = ZT_SM2, .messages = &message, .message_count = 1};
    struct zt_sign_answer answer = ask(&request);
    assert_int_equal((int)answer.code, ZT_E_ABSENT);
    assert_string_equal(answer.rule, "signer.no-key");
    assert_int_equal(answer.signature_count, 0);
    answer = ask_key("no_such_department", ZT_ES256);
    assert_string_equal(answer.rule, "signer.no-key");
    answer = ask_key(ZT_HOME_DEPARTMENT, ZT_ED25519); // the ledger's key signs checkpoints and nothing else
    assert_string_equal(answer.rule, "signer.no-key");
    answer = ask_key("../ledger", ZT_ED25519);
    assert_string_equal(answer.rule, "signer.no-key");
}

static void broken_frames_do_not_stop_it(void **state)
{
    (void)state;
    struct zt_buf frame;
    zt_buf_init(&frame, ZT_FRAME_BATCH);
    struct zt_sign_request request = {
        .act = ZT_SIGN_KEY, .issuer = ZT_HOME_DEPARTMENT, .alg = ZT_ES256, .ticket = 1};
    assert_int_equal(zt_sign_request_encode(&request, &frame), ZT_OK);
    (void)ask_key(ZT_HOME_DEPARTMENT, ZT_ES256); // connected from here on
    for (size_t len = 0; len < frame.len; len++)
        assert_int_equal(zt_sock_send(sock, NULL, 0, (struct zt_bytes){frame.data, len}), ZT_OK);
    zt_wire_start(&frame, ZT_WIRE_ANSWER);
    assert_int_equal(zt_sock_send(sock, NULL, 0, zt_buf_bytes(&frame)), ZT_OK);
    struct zt_sign_answer answer = ask_key(ZT_HOME_DEPARTMENT, ZT_SM2);
    assert_int_equal((int)answer.code, ZT_OK);
    char log[65536];
    read_log(log, sizeof log);
    assert_non_null(strstr(log, "ZT-SIGNER-BAD-REQUEST"));
    zt_buf_fini(&frame);
}

static void checkpoints_over_restarts(void **state)
{
    (void)state;
    static uint8_t leaves[LEAVES * ZT_HASH_LEN];
    struct zt_bytes body;
    struct zt_buf vkey;
    struct zt_checkpoint told;
    zt_buf_init(&vkey, 1024);
    assert_int_equal(zt_note_vkey(home.ledger, ZT_HOME_ORIGIN, &vkey), ZT_OK);
    for (size_t i = 0; i < LEAVES; i++)
        leaves[i * ZT_HASH_LEN] = (uint8_t)i;
    size_t old = 0;
    for (size_t size = 1; size <= LEAVES; size += 13) {
        struct zt_sign_answer answer = ask_checkpoint(leaves, old, size);
        assert_int_equal((int)answer.code, ZT_OK);
        assert_int_equal(zt_note_verify(answer.note, zt_buf_text(&vkey), &body, NULL), ZT_OK);
        assert_int_equal(zt_checkpoint_parse(body, &told, NULL), ZT_OK);
        assert_int_equal(told.size, size);
        old = size;
        kill(signer, SIGKILL); // as in a crash
        end_of(signer);
        signer = spawn(NULL);
    }
    struct zt_sign_answer answer = ask_checkpoint(leaves, 0, old - 1);
    assert_string_equal(answer.rule, "signer.rollback");
    assert_int_equal(answer.note.len, 0);
    answer = ask_checkpoint(leaves, 0, LEAVES);
    assert_int_equal((int)answer.code, old == LEAVES ? ZT_OK : ZT_E_STATE);
    if (old != LEAVES) { // the asker lost count and is told where to go on from
        assert_string_equal(answer.rule, "signer.old-size");
        assert_int_equal(zt_checkpoint_parse(answer.note, &told, NULL), ZT_OK);
        assert_int_equal(told.size, old);
    }
    leaves[0] ^= 1;
    answer = ask_checkpoint(leaves, old, LEAVES + 0);
    assert_string_equal(answer.rule, "signer.inconsistent");
    zt_buf_fini(&vkey);
}

static void ends_cleanly(void **state)
{
    (void)state;
    (void)ask_key(ZT_HOME_DEPARTMENT, ZT_ES256);
    struct stat info;
    assert_int_equal(stat(home.socket, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    kill(signer, SIGTERM);
    int status = end_of(signer);
    signer = 0;
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(access(home.socket, F_OK), -1); // nobody takes it for being up
}

static void every_thread_is_in_the_sandbox(void **state)
{
    (void)state;
    (void)ask_key(ZT_HOME_DEPARTMENT, ZT_ES256);
    char path[PATH_MAX], line[256];
    snprintf(path, sizeof path, "/proc/%d/task", (int)signer);
    DIR *tasks = opendir(path);
    assert_non_null(tasks);
    unsigned threads = 0;
    for (struct dirent *entry = readdir(tasks); entry; entry = readdir(tasks)) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "/proc/%d/task/%s/status", (int)signer, entry->d_name);
        FILE *file = fopen(path, "r");
        assert_non_null(file);
        bool filtered = false, heard = false; // in the sandbox, and able to say what was refused
        unsigned long long blocked = 0;
        while (fgets(line, sizeof line, file)) {
            filtered = filtered || strcmp(line, "Seccomp:\t2\n") == 0;
            if (sscanf(line, "SigBlk:\t%llx", &blocked) == 1)
                heard = !(blocked & 1ull << (SIGSYS - 1));
        }
        fclose(file);
        assert_true(filtered);
        assert_true(heard);
        threads++;
    }
    closedir(tasks);
    assert_true(threads >= 3); // main, the signer, libzmq's
}

// The sandbox closes while libzmq's threads may still be starting: none may need what is already refused. Two
// children that only count keep the processors busy, so that threads start late.
static void starts_on_a_busy_machine(void **state)
{
    (void)state;
    pid_t busy[2];
    for (size_t i = 0; i < 2; i++) {
        busy[i] = fork();
        assert_true(busy[i] >= 0);
        if (busy[i] == 0)
            prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (volatile unsigned long count = 0; busy[i] == 0; count++)
            ;
    }
    for (int i = 0; i < 10; i++) {
        int64_t end = zt_monotonic_ms() + PATIENCE_MS;
        int status = 0;
        while (access(home.socket, F_OK) != 0 && waitpid(signer, &status, WNOHANG) == 0) {
            assert_true(zt_monotonic_ms() < end);
            poll(NULL, 0, 5);
        }
        kill(signer, SIGTERM);
        status = status ? status : end_of(signer);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        signer = spawn(NULL);
    }
    for (size_t i = 0; i < 2; i++) {
        kill(busy[i], SIGKILL);
        end_of(busy[i]);
    }
    struct zt_sign_answer answer = ask_key(ZT_HOME_DEPARTMENT, ZT_ES256);
    assert_int_equal((int)answer.code, ZT_OK);
}

static void second_signer_is_refused(void **state)
{
    (void)state;
    (void)ask_key(ZT_HOME_DEPARTMENT, ZT_ES256);
    int status = end_of(spawn(NULL));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    char log[16384];
    read_log(log, sizeof log);
    assert_non_null(strstr(log, "signer.running"));
    struct zt_sign_answer answer = ask_key(ZT_HOME_DEPARTMENT, ZT_ES256); // the first goes on
    assert_int_equal((int)answer.code, ZT_OK);
}

// With something wrong the program says what, and no socket ever appears.
static void start_with_something_wrong(void **state)
{
    (void)state;
    kill(signer, SIGTERM);
    end_of(signer);
    signer = 0;
    char key[PATH_MAX + 16], log[16384];
    snprintf(key, sizeof key, "%s/sm2.key", home.department);
    assert_int_equal(chmod(key, 0444), 0);
    for (int check = 0; check < 2; check++) {
        int status = end_of(spawn(check ? "--check" : NULL));
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
        assert_int_equal(access(home.socket, F_OK), -1);
    }
    read_log(log, sizeof log);
    assert_non_null(strstr(log, "file.mode"));
    assert_int_equal(chmod(key, 0400), 0);
    int status = end_of(spawn("--check"));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(access(home.socket, F_OK), -1);
    assert_int_equal(chmod(home.dir, 0755), 0); // the folder of the socket
    status = end_of(spawn(NULL));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    assert_int_equal(access(home.socket, F_OK), -1);
    assert_int_equal(chmod(home.dir, 0700), 0);
}

static void options(void **state)
{
    (void)state;
    static const struct {
        const char *arguments;
        int status;
    } rows[] = {{"--help", 0},
                {"--version", 0},
                {"", 2},
                {"--config", 2},
                {"--no-such-option", 2},
                {"--config a b", 2},
                {"--config /nonexistent/signer.yaml", 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char command[PATH_MAX + 128];
        snprintf(command, sizeof command, "%s/zt-signerd %s >/dev/null 2>&1", getenv("ZT_BIN_DIR"),
                 rows[i].arguments);
        int status = system(command);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), rows[i].status);
    }
}

int main(void)
{
#define WITH_SIGNER(test) cmocka_unit_test_setup_teardown(test, start_all, stop_all)
    const struct CMUnitTest tests[] = {
        WITH_SIGNER(certificates),
        WITH_SIGNER(many_messages),
        WITH_SIGNER(refused_requests),
        WITH_SIGNER(broken_frames_do_not_stop_it),
        WITH_SIGNER(checkpoints_over_restarts),
        WITH_SIGNER(ends_cleanly),
        WITH_SIGNER(every_thread_is_in_the_sandbox),
        WITH_SIGNER(starts_on_a_busy_machine),
        WITH_SIGNER(second_signer_is_refused),
        WITH_SIGNER(start_with_something_wrong),
        cmocka_unit_test(options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
