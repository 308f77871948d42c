// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>

#include "base/file.h"
#include "broker/ledger/state.h"

void zt_ledger_checkpoint_path(const char *tiles_dir, char path[static PATH_MAX])
{
    (void)!snprintf(path, PATH_MAX, "%s/checkpoint", tiles_dir);
}

enum zt_err zt_ledger_read_checkpoint(const char *tiles_dir, struct zt_buf *note,
                                      struct zt_checkpoint *checkpoint, struct zt_fault *fault)
{
    char path[PATH_MAX];
    zt_ledger_checkpoint_path(tiles_dir, path);
    zt_buf_reset(note);
    enum zt_err rc = zt_file_read(path, note, fault);
    return rc == ZT_OK ? zt_checkpoint_parse(zt_buf_bytes(note), checkpoint, fault) : rc;
}
