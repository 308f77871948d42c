// SPDX-License-Identifier: Apache-2.0
// A stream over a drop folder of JSON lines, the provident fund's plugin, the shipped catalogue and the model
// broker; time is a number that the test moves.
#ifndef ZT_ADAPTERS_HOST_STREAM_FIXTURE_H
#define ZT_ADAPTERS_HOST_STREAM_FIXTURE_H

#include <sys/stat.h>
#include <unistd.h>

#include "adapters/host/model_broker.h"
#include "adapters/host/plugin.h"
#include "base/file.h"

struct fixture {
    char dir[PATH_MAX], folder[PATH_MAX + 8];
    struct zt_catalogue *catalogue; // shared by all tests of the program
    struct zt_loaded loaded;
    struct zt_key *key;
    struct zt_adapter_config config;
    struct zt_dataset_config dataset;
    struct zt_stream_shared shared;
    struct model_broker broker;
    struct zt_stream *stream;
    int64_t now;
    struct zt_fault fault;
};
static struct fixture f;

static inline int enter_program(void **state)
{
    (void)state;
    char path[PATH_MAX];
    const char *source = getenv("ZT_SOURCE_DIR"), *bin = getenv("ZT_BIN_DIR");
    struct zt_faults faults = {0};
    snprintf(path, sizeof path, "%s/catalogue", source ? source : ".");
    if (zt_catalogue_load(path, NULL, &f.catalogue, &faults) != ZT_OK)
        return -1;
    snprintf(path, sizeof path, "%s/../lib/zhitong/housing_provident_fund.so", bin ? bin : "build/dev/bin");
    if (zt_plugin_load(path, f.catalogue, "", &f.loaded, &f.fault) != ZT_OK) {
        print_error("%s %s\n", f.fault.rule, f.fault.text);
        return -1;
    }
    return zt_key_new(ZT_SM2, &f.key) == ZT_OK ? 0 : -1;
}

static inline int leave_program(void **state)
{
    (void)state;
    zt_plugin_unload(&f.loaded);
    zt_catalogue_release(&f.catalogue);
    zt_key_destroy(&f.key);
    return 0;
}

static inline void open_stream(void)
{
    assert_int_equal(zt_stream_open(&f.shared, &f.dataset, &f.stream, &f.fault), ZT_OK);
}

static inline int enter(void **state)
{
    (void)state;
    make_test_dir(f.dir);
    snprintf(f.folder, sizeof f.folder, "%s/drop", f.dir);
    assert_int_equal(mkdir(f.folder, 0700), 0);
    memset(&f.broker, 0, sizeof f.broker);
    memset(&f.fault, 0, sizeof f.fault);
    f.broker.key = f.key;
    f.now = 1000000;
    f.config = (struct zt_adapter_config){.source = (char *)(uintptr_t) "hpf",
                                          .broker = (char *)(uintptr_t) "tcp://model",
                                          .state = f.dir,
                                          .poll_ms = 1000,
                                          .batch_records = 10,
                                          .window = 4,
                                          .heartbeat_ms = 5000,
                                          .patience_ms = 60000};
    f.dataset = (struct zt_dataset_config){.name = (char *)(uintptr_t) "unit",
                                           .connector = (char *)(uintptr_t) "file",
                                           .folder = f.folder,
                                           .pattern = (char *)(uintptr_t) "*.jsonl",
                                           .format = (char *)(uintptr_t) "jsonl",
                                           .encoding = (char *)(uintptr_t) "utf-8"};
    f.shared = (struct zt_stream_shared){.config = &f.config,
                                         .catalogue = f.catalogue,
                                         .plugin = f.loaded.plugin,
                                         .plugin_self = f.loaded.self,
                                         .signer = {f.key, "key-1"},
                                         .send = model_send,
                                         .send_arg = &f.broker};
    open_stream();
    return 0;
}

static inline int leave(void **state)
{
    (void)state;
    zt_stream_close(&f.stream);
    zt_stream_close(&f.stream);
    model_fini(&f.broker);
    remove_test_dir(f.dir);
    return 0;
}

// A file of `count` units whose account numbers go from `first` on; every `bad`-th row (0: none) has a status
// that no code table knows.
static inline void drop_file(const char *name, unsigned first, unsigned count, unsigned bad)
{
    char path[PATH_MAX * 2];
    struct zt_buf text;
    zt_buf_init(&text, 64 * 1024 * 1024);
    for (unsigned i = 0; i < count; i++)
        zt_buf_printf(&text,
                      "{\"tyshxydm\":\"91370202MA9X00011M\",\"dwmc\":\"合成有限公司\",\"dwzh\":\"U%07u\","
                      "\"dwzhzt\":\"%s\","
                      "\"kjyf\":\"202001\",\"jznn\":\"202610\",\"dwjcbl\":\"5.00\",\"grjcbl\":\"5.00\","
                      "\"jcrs\":12,\"yjce\":\"1200.00\","
                      "\"qjys\":0,\"jbr\":\"张三\",\"gxsj\":\"2026-10-01 12:00:00\"}\n",
                      first + i, bad && i % bad == bad - 1 ? "77" : "01");
    snprintf(path, sizeof path, "%s/%s", f.folder, name);
    assert_int_equal(zt_file_replace(path, zt_buf_bytes(&text), 0600, NULL), ZT_OK);
    zt_buf_fini(&text);
}

static inline void turn(void)
{
    enum zt_err rc = zt_stream_turn(f.stream, f.now, &f.fault);
    if (rc != ZT_OK)
        print_error("%s %s %s\n", f.fault.rule, f.fault.place, f.fault.text);
    assert_int_equal(rc, ZT_OK);
}

static inline void exchange(void) // everything on the wires arrives
{
    while (f.broker.in.count > 0 || f.broker.out.count > 0) {
        if (f.broker.in.count > 0)
            model_take(&f.broker, &f.broker.in);
        else
            model_give(&f.broker, f.stream, f.now);
    }
}

// Turns and exchanges, with time moving to what the stream waits for, until it has nothing more to do.
static inline void settle_down(void)
{
    for (int i = 0; i < 5000; i++) {
        turn();
        exchange();
        if (zt_stream_idle(f.stream) && f.broker.in.count == 0)
            return;
        int64_t wake = zt_stream_wake(f.stream, f.now);
        f.now = wake > f.now ? wake : f.now;
    }
    int64_t since;
    const struct zt_fault *trouble = zt_stream_trouble(f.stream, &since);
    fail_msg("the stream does not come to rest: %s", trouble ? trouble->text : "no trouble");
}

static inline size_t held(unsigned first, unsigned count)
{
    size_t found = 0;
    for (unsigned i = 0; i < count; i++) {
        char key[16];
        snprintf(key, sizeof key, "U%07u", first + i);
        found += zt_idset_has(&f.broker.keys, model_key_id(key));
    }
    return found;
}

static inline bool exists(const char *name)
{
    char path[PATH_MAX * 2];
    snprintf(path, sizeof path, "%s/%s", f.folder, name);
    return access(path, F_OK) == 0;
}

#endif
