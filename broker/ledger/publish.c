// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "broker/ledger/seal.h"

static enum zt_err check_note(const struct zt_seal *seal, struct zt_bytes note)
{
    struct zt_checkpoint signed_now;
    uint8_t root[ZT_HASH_LEN];
    enum zt_err rc = zt_edge_root(&seal->edge, root);
    if (rc != ZT_OK)
        return rc;
    bool fits = zt_checkpoint_parse(note, &signed_now, NULL) == ZT_OK && signed_now.size == seal->edge.size &&
                strcmp(signed_now.origin, seal->ledger->origin) == 0 &&
                memcmp(signed_now.root, root, sizeof root) == 0;
    return fits ? ZT_OK : ZT_E_PEER;
}

// Every tile that the checkpoint needs must survive a crash that the checkpoint survives: one sync of the
// file system is cheaper than one of each file and folder.
static enum zt_err sync_tiles(const char *tiles_dir)
{
    int fd = open(tiles_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return ZT_E_IO;
    enum zt_err rc = syncfs(fd) == 0 ? ZT_OK : ZT_E_IO;
    close(fd);
    return rc;
}

enum zt_err zt_seal_publish(struct zt_seal *seal, struct zt_bytes note)
{
    char path[PATH_MAX];
    struct zt_ledger *ledger = seal->ledger;
    uint64_t before = zt_ledger_sealed(ledger);
    enum zt_err rc = check_note(seal, note);
    if (rc != ZT_OK)
        return rc;
    seal->signed_size = seal->edge.size;
    zt_ledger_checkpoint_path(ledger->tiles_dir, path);
    rc = sync_tiles(ledger->tiles_dir);
    if (rc == ZT_OK)
        rc = zt_file_replace(path, note, 0644, NULL);
    if (rc != ZT_OK) {
        if (zt_seal_news(seal, ZT_SEAL_DISK))
            zt_log_error("ZT-SEALER-DISK", "the checkpoint cannot be written: %s", zt_err_name(rc));
        return rc;
    }
    if (zt_seal_news(seal, ZT_SEAL_FINE))
        zt_log_info("ZT-SEALER-BACK", "sealing again: %" PRIu64 " entries", seal->edge.size);
    seal->published = seal->edge;
    atomic_store_explicit(&ledger->sealed, seal->edge.size, memory_order_release);
    zt_tiler_prune(seal->tiler, before, seal->edge.size);
    return ZT_OK;
}
