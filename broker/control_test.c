// SPDX-License-Identifier: Apache-2.0
#include "broker/control.h"

#include <sys/wait.h>
#include <unistd.h>

#include "base/test_support.h"

#define WAIT_MS 10000

static struct zt_bytes str(const char *text)
{
    return zt_bytes_str(text);
}

static enum zt_err parse(const char *text, struct zt_control *control)
{
    return zt_control_parse(str(text), control, NULL);
}

static void words_are_understood(void **state)
{
    (void)state;
    struct zt_control control;
    assert_int_equal(parse("STOP", &control), ZT_OK);
    assert_int_equal(control.act, ZT_CONTROL_STOP);
    assert_int_equal(parse("CATALOGUE 00007f00deadbee0", &control), ZT_OK);
    assert_int_equal(control.act, ZT_CONTROL_CATALOGUE);
    assert_int_equal((uintptr_t)control.catalogue, 0x7f00deadbee0);
    assert_int_equal(parse("TAKEN 00007f00deadbee0", &control), ZT_OK);
    assert_int_equal(control.act, ZT_CONTROL_TAKEN);
    assert_int_equal(parse("RELOAD", &control), ZT_OK);
    assert_int_equal(control.act, ZT_CONTROL_RELOAD);
    assert_int_equal(parse("RELOADED", &control), ZT_OK);
    assert_int_equal(control.act, ZT_CONTROL_RELOADED);
    assert_int_equal(control.fault.code, ZT_OK);
    assert_int_equal(parse("RELOADED catalogue.tag\ttag 7 twice: 100%s", &control), ZT_OK);
    assert_int_equal(control.fault.code, ZT_E_CONFIG);
    assert_string_equal(control.fault.rule, "catalogue.tag");
    assert_string_equal(control.fault.text, "tag 7 twice: 100%s");
}

static void anything_else_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "S",
        "STO",
        "STOPP",
        "stop",
        "CATALOGUE",
        "CATALOGUE ",
        "CATALOGUE 7f",
        "CATALOGUE 0000000000000000",
        "CATALOGUE 00007f00deadbee0 ",
        "TAKEN x0007f00deadbee0",
        "RELOAD ",
        "RELOADEDX",
        "RELOADED no tab",
    };
    struct zt_control control = {.act = ZT_CONTROL_STOP};
    struct zt_fault fault;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        memset(&fault, 0, sizeof fault);
        assert_int_equal(zt_control_parse(str(bad[i]), &control, &fault), ZT_E_INPUT);
        assert_string_equal(fault.rule, "control.frame");
    }
    char longer[ZT_CONTROL_MAX + 2];
    memset(longer, 'x', sizeof longer);
    memcpy(longer, "RELOADED r\t", 11);
    assert_int_equal(zt_control_parse((struct zt_bytes){(uint8_t *)longer, sizeof longer}, &control, NULL),
                     ZT_E_INPUT);
    assert_int_equal(control.act, ZT_CONTROL_STOP);
}

// Sends back what it understands.
static void echo(struct zt_net *net, struct zt_sock *pipe, void *arg)
{
    (void)net;
    (void)arg;
    struct zt_msg msg;
    struct zt_control control = {0};
    zt_msg_init(&msg);
    enum zt_err rc = zt_actor_ready(pipe, ZT_OK);
    while (rc == ZT_OK && control.act != ZT_CONTROL_STOP) {
        rc = zt_sock_recv_within(pipe, &msg, WAIT_MS);
        if (rc == ZT_OK)
            rc = zt_control_parse(msg.frame, &control, NULL);
        if (rc == ZT_OK && control.act != ZT_CONTROL_STOP)
            rc = zt_control_send(pipe, &control);
    }
    zt_msg_fini(&msg);
}

static void every_message_survives_the_pipe(void **state)
{
    (void)state;
    struct zt_net *net = NULL;
    struct zt_actor *actor = NULL;
    struct zt_msg msg;
    int something = 0;
    struct zt_control sent[] = {
        {.act = ZT_CONTROL_CATALOGUE, .catalogue = (struct zt_catalogue *)&something},
        {.act = ZT_CONTROL_TAKEN, .catalogue = (struct zt_catalogue *)&something},
        {.act = ZT_CONTROL_RELOAD},
        {.act = ZT_CONTROL_RELOADED},
        {.act = ZT_CONTROL_RELOADED, .fault = {.code = ZT_E_CONFIG, .rule = "yaml.key"}},
    };
    memset(sent[4].fault.text, 'x', sizeof sent[4].fault.text - 1);
    zt_msg_init(&msg);
    assert_int_equal(zt_net_open(&net), ZT_OK);
    assert_int_equal(zt_actor_start(net, "echo", echo, NULL, &actor), ZT_OK);
    for (size_t i = 0; i < sizeof sent / sizeof *sent; i++) {
        struct zt_control back;
        assert_int_equal(zt_control_send(zt_actor_pipe(actor), &sent[i]), ZT_OK);
        assert_int_equal(zt_sock_recv_within(zt_actor_pipe(actor), &msg, WAIT_MS), ZT_OK);
        assert_int_equal(zt_control_parse(msg.frame, &back, NULL), ZT_OK);
        assert_int_equal(back.act, sent[i].act);
        assert_ptr_equal(back.catalogue, sent[i].catalogue);
        assert_int_equal(back.fault.code, sent[i].fault.code);
        assert_string_equal(back.fault.rule, sent[i].fault.rule);
        assert_string_equal(back.fault.text, sent[i].fault.text);
    }
    struct zt_control unknown = {.act = (enum zt_control_act)99};
    assert_int_equal(zt_control_send(zt_actor_pipe(actor), &unknown), ZT_E_BUG);
    zt_actor_stop(&actor);
    zt_msg_fini(&msg);
    zt_net_close(&net);
}

static void dying_is_not_zero(void **state)
{
    (void)state;
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        zt_broker_die("ZT-TEST", "expected by the test");
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), ZT_BROKER_EXIT_BROKEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_understood),
        cmocka_unit_test(anything_else_is_refused),
        cmocka_unit_test(every_message_survives_the_pipe),
        cmocka_unit_test(dying_is_not_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
