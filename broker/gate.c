// SPDX-License-Identifier: Apache-2.0
#include "broker/gate.h"

#include <stdlib.h>
#include <string.h>

#include "base/slot.h"

struct zt_gate {
    struct zt_slot *slot; // of the catalogue
};

static void *hold(void *object)
{
    return zt_catalogue_hold(object);
}

static void release(void *object)
{
    struct zt_catalogue *catalogue = object;
    zt_catalogue_release(&catalogue);
}

static const struct zt_slot_ops ops = {hold, release};

enum zt_err zt_gate_new(struct zt_catalogue *catalogue, struct zt_gate **gate)
{
    struct zt_gate *new = calloc(1, sizeof *new);
    if (!new)
        return ZT_E_NOMEM;
    struct zt_catalogue *held = zt_catalogue_hold(catalogue);
    enum zt_err rc = zt_slot_new(&ops, held, &new->slot);
    if (rc != ZT_OK) {
        zt_catalogue_release(&held);
        free(new);
        return rc;
    }
    *gate = new;
    return ZT_OK;
}

void zt_gate_destroy(struct zt_gate **gate)
{
    if (!*gate)
        return;
    zt_slot_destroy(&(*gate)->slot);
    free(*gate);
    *gate = NULL;
}

void zt_gate_set(struct zt_gate *gate, struct zt_catalogue *catalogue)
{
    zt_slot_set(gate->slot, zt_catalogue_hold(catalogue));
}

bool zt_gate_admit(void *arg, const uint8_t key[static ZT_CURVE_KEY_LEN], char user_id[static ZT_USER_ID_MAX])
{
    struct zt_gate *gate = arg;
    struct zt_catalogue *catalogue = zt_slot_hold(gate->slot);
    const struct zt_party *party = zt_catalogue_party_by_curve(catalogue, key);
    size_t len = party ? strlen(party->id) : 0;
    bool admitted = party && !party->revoked && len > 0 && len < ZT_USER_ID_MAX;
    if (admitted)
        memcpy(user_id, party->id, len + 1);
    zt_catalogue_release(&catalogue);
    return admitted;
}
