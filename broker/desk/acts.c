// SPDX-License-Identifier: Apache-2.0
#include "broker/desk/internal.h"

// Who may ask what. A reload is served by its own path, because it waits for main in the middle.
static const struct zt_desk_act_info acts[] = {
    {ZT_DESK_SEARCH, "search", ZT_ROLE_AUDITOR, zt_desk_search},
    {ZT_DESK_PROVE, "prove", ZT_ROLE_AUDITOR, zt_desk_prove},
    {ZT_DESK_STATUS, "status", ZT_ROLE_AUDITOR | ZT_ROLE_OPERATOR, zt_desk_status},
    {ZT_DESK_RELOAD, "reload", ZT_ROLE_OPERATOR, NULL},
};

const struct zt_desk_act_info *zt_desk_act_info(enum zt_desk_act act)
{
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (acts[i].act == act)
            return &acts[i];
    return NULL;
}
