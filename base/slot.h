// SPDX-License-Identifier: Apache-2.0
// A slot: one reference-counted object that one thread replaces while others take references of it. Taking
// and replacing exclude each other, so nobody holds what was already released.
//
// Rules: thread safe. The object's hold and release must be thread safe themselves.
#ifndef ZT_BASE_SLOT_H
#define ZT_BASE_SLOT_H

#include "base/err.h"

struct zt_slot;
struct zt_slot_ops {
    void *(*hold)(void *object);
    void (*release)(void *object);
};

// Takes over one reference of `object` (may be NULL); `ops` must outlive the slot.
ZT_MUST_USE enum zt_err zt_slot_new(const struct zt_slot_ops *ops, void *object, struct zt_slot **slot);
void zt_slot_destroy(struct zt_slot **slot);          // releases its object; idempotent
void *zt_slot_hold(struct zt_slot *slot);             // a reference of the caller's own, or NULL
void zt_slot_set(struct zt_slot *slot, void *object); // takes over one reference, releases the old one

#endif
