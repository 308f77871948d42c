// SPDX-License-Identifier: Apache-2.0
// Whole frames, as they come from a socket: head, type, then the parser that the type names.
#include "proto/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum zt_wire_type type = ZT_WIRE_NONE;
    struct zt_bytes body = {NULL, 0};
    struct zt_fault fault = {0};
    enum zt_err rc = zt_wire_open((struct zt_bytes){data, size}, &type, &body, &fault);
    must_hold((rc == ZT_OK) == (fault.rule[0] == 0));
    if (rc != ZT_OK)
        return 0;
    must_hold(body.len == size - ZT_WIRE_HEAD);
    bool known = false;
    for (size_t i = 0; i < codec_count; i++) {
        if (codecs[i].type != type)
            continue;
        known = true;
        fuzz_body(&codecs[i], body);
    }
    must_hold(known);
    return 0;
}
