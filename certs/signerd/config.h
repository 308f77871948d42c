// SPDX-License-Identifier: Apache-2.0
// signer.yaml: keys (folder), state (folder), socket (ipc endpoint), origin (name of the ledger).
//
// Relative folders are relative to the file's own folder. The socket stands as it is: its path, at most 107
// characters long by the kernel's limit, is relative to the working directory.
#ifndef ZT_CERTS_SIGNERD_CONFIG_H
#define ZT_CERTS_SIGNERD_CONFIG_H

#include "base/err.h"

struct zt_signer_config {
    char *keys, *state, *socket, *origin;
};

// Rules: those of zt_yaml_load, "config.socket", "config.origin".
ZT_MUST_USE enum zt_err zt_signer_config_load(const char *path, struct zt_signer_config **config,
                                              struct zt_fault *fault);
void zt_signer_config_free(struct zt_signer_config **config); // idempotent

// That a folder is ours and closed to everybody else; `rule` names the breach. A missing folder is one.
ZT_MUST_USE enum zt_err zt_signer_folder_check(const char *path, const char *rule, struct zt_fault *fault);
// The folder that the socket file will stand in.
ZT_MUST_USE enum zt_err zt_signer_socket_check(const char *endpoint, struct zt_fault *fault);

#endif
