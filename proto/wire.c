// SPDX-License-Identifier: Apache-2.0
#include "proto/wire.h"

// The registry: which types exist and how long their frames may be.
size_t zt_wire_max(enum zt_wire_type type)
{
    switch (type) {
    case ZT_WIRE_HELLO:
    case ZT_WIRE_WELCOME:
    case ZT_WIRE_HEARTBEAT:
    case ZT_WIRE_REQUEST:
    case ZT_WIRE_DESK_REQUEST:
        return ZT_WIRE_MAX_SMALL;
    case ZT_WIRE_ANSWER:
    case ZT_WIRE_DESK_ANSWER:
        return ZT_WIRE_MAX_ANSWER;
    case ZT_WIRE_BATCH:
    case ZT_WIRE_ACK:
    case ZT_WIRE_SIGN_REQUEST:
    case ZT_WIRE_SIGN_ANSWER:
    case ZT_WIRE_LEDGER_APPEND:
    case ZT_WIRE_LEDGER_APPENDED:
        return ZT_WIRE_MAX_BATCH;
    case ZT_WIRE_NONE:
        break;
    }
    return 0;
}

enum zt_err zt_wire_open(struct zt_bytes frame, enum zt_wire_type *type, struct zt_bytes *body,
                         struct zt_fault *fault)
{
    if (frame.len < ZT_WIRE_HEAD || frame.data[0] != 'Z' || frame.data[1] != 'T')
        return zt_fault_set(fault, ZT_E_INPUT, "wire.head", "frame", "the frame does not start with 'ZT'");
    if (frame.data[2] != ZT_WIRE_VERSION)
        return zt_fault_set(fault, ZT_E_INPUT, "wire.version", "frame",
                            "version %u of the protocol is not spoken here, only %d", frame.data[2],
                            ZT_WIRE_VERSION);
    enum zt_wire_type found = (enum zt_wire_type)frame.data[3];
    size_t max = zt_wire_max(found);
    if (max == 0)
        return zt_fault_set(fault, ZT_E_INPUT, "wire.type", "frame", "message type %u is unknown",
                            frame.data[3]);
    if (frame.len > max)
        return zt_fault_set(fault, ZT_E_LIMIT, "wire.size", "frame",
                            "the frame has %zu bytes, type %u may have %zu", frame.len, frame.data[3], max);
    *type = found;
    *body = (struct zt_bytes){frame.data + ZT_WIRE_HEAD, frame.len - ZT_WIRE_HEAD};
    return ZT_OK;
}

void zt_wire_start(struct zt_buf *out, enum zt_wire_type type)
{
    zt_buf_reset(out);
    zt_buf_put(out, (const uint8_t[]){'Z', 'T', ZT_WIRE_VERSION, (uint8_t)type}, ZT_WIRE_HEAD);
}
