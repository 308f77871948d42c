// SPDX-License-Identifier: Apache-2.0
#include "broker/ledger/edge_box.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS UINT64_C(200000)

// An edge whose every hash says its size, so that a torn copy would show.
static void fill(struct zt_edge *edge, uint64_t size)
{
    edge->size = size;
    for (int level = 0; level < ZT_PROOF_MAX; level++)
        for (size_t i = 0; i < ZT_HASH_LEN; i += sizeof size)
            memcpy(edge->hashes[level] + i, &size, sizeof size);
}

static bool is_whole(const struct zt_edge *edge)
{
    for (int level = 0; level < ZT_PROOF_MAX; level++)
        for (size_t i = 0; i < ZT_HASH_LEN; i += sizeof edge->size)
            if (memcmp(edge->hashes[level] + i, &edge->size, sizeof edge->size) != 0)
                return false;
    return true;
}

static void newest_wins(void **state)
{
    (void)state;
    static struct zt_edge_box box;
    struct zt_edge edge;
    fill(&edge, 1);
    zt_edge_box_init(&box, &edge);
    assert_int_equal(zt_edge_box_get(&box)->size, 1);
    assert_int_equal(zt_edge_box_get(&box)->size, 1);
    for (uint64_t i = 2; i < 10; i++) {
        fill(&edge, i);
        zt_edge_box_put(&box, &edge);
    }
    assert_int_equal(zt_edge_box_get(&box)->size, 9);
    assert_int_equal(zt_edge_box_get(&box)->size, 9);
    fill(&edge, 10);
    zt_edge_box_put(&box, &edge);
    assert_int_equal(zt_edge_box_get(&box)->size, 10);
}

static void *put_many(void *arg)
{
    struct zt_edge edge;
    for (uint64_t i = 1; i <= ROUNDS; i++) {
        fill(&edge, i);
        zt_edge_box_put(arg, &edge);
    }
    return NULL;
}

static void two_threads_see_whole_edges_in_order(void **state)
{
    (void)state;
    static struct zt_edge_box box;
    struct zt_edge edge;
    pthread_t owner;
    uint64_t last = 0;
    fill(&edge, 0);
    zt_edge_box_init(&box, &edge);
    assert_int_equal(pthread_create(&owner, NULL, put_many, &box), 0);
    while (last < ROUNDS) {
        const struct zt_edge *seen = zt_edge_box_get(&box);
        assert_true(is_whole(seen));
        assert_true(seen->size >= last);
        last = seen->size;
    }
    pthread_join(owner, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(newest_wins),
        cmocka_unit_test(two_threads_see_whole_edges_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
