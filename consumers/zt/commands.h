// SPDX-License-Identifier: Apache-2.0
// The commands of `zt`, each in a file of its own name.
#ifndef ZT_CONSUMERS_ZT_COMMANDS_H
#define ZT_CONSUMERS_ZT_COMMANDS_H

#include "consumers/zt/cli.h"

extern const struct zt_command zt_command_consent_new;
extern const struct zt_command zt_command_id_check;
extern const struct zt_command zt_command_id_make;
extern const struct zt_command zt_command_key_curve;
extern const struct zt_command zt_command_key_vkey;
extern const struct zt_command zt_command_audit_search;
extern const struct zt_command zt_command_audit_verify;
extern const struct zt_command zt_command_catalogue_check;
extern const struct zt_command zt_command_catalogue_diff;
extern const struct zt_command zt_command_catalogue_doc;
extern const struct zt_command zt_command_catalogue_list;
extern const struct zt_command zt_command_catalogue_search;
extern const struct zt_command zt_command_catalogue_show;
extern const struct zt_command zt_command_catalogue_stats;
extern const struct zt_command zt_command_check;
extern const struct zt_command zt_command_issue;
extern const struct zt_command zt_command_lookup;
extern const struct zt_command zt_command_scenario_hpf;
extern const struct zt_command zt_command_status;
extern const struct zt_command zt_command_verify;

#endif
