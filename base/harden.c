// SPDX-License-Identifier: Apache-2.0
#include <sys/prctl.h>
#include <sys/resource.h>

#include "base/file.h"

enum zt_err zt_process_harden(struct zt_fault *fault)
{
    struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0)
        return zt_fault_errno(fault, "process.core", "", "cannot switch core files off");
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return zt_fault_errno(fault, "process.dumpable", "", "cannot keep other processes out");
    return ZT_OK;
}
