// SPDX-License-Identifier: Apache-2.0
#include "broker/gate.h"

#include <string.h>

bool zt_gate_admit(void *arg, const uint8_t key[static ZT_CURVE_KEY_LEN], char user_id[static ZT_USER_ID_MAX])
{
    const struct zt_party *party = zt_catalogue_party_by_curve(arg, key);
    size_t len = party ? strlen(party->id) : 0;
    if (!party || party->revoked || len == 0 || len >= ZT_USER_ID_MAX)
        return false;
    memcpy(user_id, party->id, len + 1);
    return true;
}
