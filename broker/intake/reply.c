// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "broker/intake/internal.h"

void zt_reply_to(struct zt_reply *reply, const struct zt_msg *msg)
{
    reply->route_len = msg->route_len;
    memcpy(reply->route, msg->route, msg->route_len);
    zt_buf_init(&reply->frame, ZT_FRAME_BATCH);
}

// A producer that is gone or does not read finds out where it stands with its next HELLO.
void zt_reply_send(struct zt_intake *intake, struct zt_reply *reply)
{
    enum zt_err rc = reply->frame.err;
    if (rc == ZT_OK)
        rc = zt_sock_send(intake->sock, reply->route, reply->route_len, zt_buf_bytes(&reply->frame));
    if (rc != ZT_OK) {
        atomic_fetch_add(&intake->options->counts.undelivered, 1);
        zt_log_debug("ZT-INTAKE-UNDELIVERED", "a reply was not delivered: %s", zt_err_name(rc));
    }
    zt_buf_fini(&reply->frame);
}

const char *zt_reply_text(const char *text)
{
    return zt_utf8_valid(zt_bytes_str(text)) ? text : "";
}
