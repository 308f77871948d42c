// SPDX-License-Identifier: Apache-2.0
#include "consumers/zt/session.h"

#include <stdio.h>

static void load_catalogue(struct zt_session *session)
{
    struct zt_faults faults = {.count = 0};
    if (!session->profile->catalogue)
        return;
    if (zt_catalogue_load(session->profile->catalogue, NULL, &session->catalogue, &faults) != ZT_OK)
        fprintf(stderr, "zt: names are not shown, the catalogue has %zu faults: zt catalogue check %s\n",
                faults.count, session->profile->catalogue);
    zt_faults_fini(&faults);
}

enum zt_err zt_session_open(struct zt_session *session, const struct zt_cli *cli, struct zt_fault *fault)
{
    enum zt_err rc = ZT_E_BUG;
    *session = (struct zt_session){.cli = cli};
    zt_arena_init(&session->arena, ZT_SESSION_ARENA);
    if (!cli->profile)
        ZT_TRY(zt_fault_set(fault, ZT_E_CONFIG, "profile.needed", "",
                            "which broker, and who asks? --profile FILE or $ZT_PROFILE"));
    ZT_TRY(zt_profile_load(cli->profile, &session->profile, fault));
    rc = zt_net_open(&session->net);
    if (rc != ZT_OK)
        ZT_TRY(zt_fault_set(fault, rc, "net.open", "", "no sockets: %s", zt_err_name(rc)));
    ZT_TRY(zt_client_open(session->net, session->profile, &session->client, fault));
    load_catalogue(session);
out:
    if (rc != ZT_OK)
        zt_session_close(session);
    return rc;
}

void zt_session_close(struct zt_session *session)
{
    zt_client_close(&session->client);
    zt_net_close(&session->net);
    zt_profile_free(&session->profile);
    if (session->catalogue)
        zt_catalogue_release(&session->catalogue);
    zt_arena_fini(&session->arena);
}

const struct zt_record_type *zt_session_record_type(const struct zt_session *session, const char *id)
{
    return session->catalogue ? zt_catalogue_record_type(session->catalogue, id) : NULL;
}
