// SPDX-License-Identifier: Apache-2.0
// A decision on a provident-fund withdrawal, as a clerk would tell it and as a program reads it.
#ifndef ZT_CONSUMERS_ZT_HPF_SHOW_H
#define ZT_CONSUMERS_ZT_HPF_SHOW_H

#include "consumers/zt/hpf_gather.h"
#include "consumers/zt/json.h"

json_t *zt_hpf_json(const struct zt_hpf_case *c, const struct zt_hpf_rules *rules,
                    const struct zt_hpf_decision *decision);
void zt_hpf_show(struct zt_hpf_case *c, const struct zt_hpf_decision *decision, bool show_numbers);

#endif
