// SPDX-License-Identifier: Apache-2.0
#include "base/net/net.h"

#include <string.h>

#include "base/net/test_support.h"

static void gate_opens_and_proves_itself(void **state)
{
    struct city *city = *state;
    struct zt_fault fault = {0};
    uint64_t admitted, refused;
    assert_int_equal(zt_net_gate_check(city->net, &fault), ZT_OK);
    zt_net_gate_counts(city->net, &admitted, &refused);
    assert_int_equal(admitted + refused, 0); // probes are not counted
}

static void a_registered_party_is_served(void **state)
{
    struct city *city = *state;
    struct zt_sock *client = connect_as(city, &city->party);
    exchange(city, client, "party-1", "hello");
    zt_sock_close(&client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(gate_opens_and_proves_itself, open_city, close_city),
        cmocka_unit_test_setup_teardown(a_registered_party_is_served, open_city, close_city),
    };
    return cmocka_run_group_tests_name("base/net/gate", tests, NULL, NULL);
}
