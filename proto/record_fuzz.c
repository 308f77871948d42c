// SPDX-License-Identifier: Apache-2.0
#include "proto/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_group(0, data, size); // record
}
