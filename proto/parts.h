// SPDX-License-Identifier: Apache-2.0
// Private to proto/: the parts that several messages share (a subject, a field), as twins `out` and `in`.
#ifndef ZT_PROTO_PARTS_H
#define ZT_PROTO_PARTS_H

#include "proto/record.h"
#include "proto/shape.h"
#include "record.pb-c.h"

extern const struct zt_shape zt_subject_shape;
extern const struct zt_shape zt_field_shape;

void zt_subject_out(const struct zt_subject *subject, Zt__V1__SubjectPb *pb);
void zt_subject_in(const Zt__V1__SubjectPb *pb, struct zt_subject *subject); // NULL: all texts ""

// ZT_E_INPUT for a kind that does not exist.
ZT_MUST_USE enum zt_err zt_field_out(const struct zt_field *field, Zt__V1__FieldPb *pb);
// Rule "record.value" for a field without a value.
ZT_MUST_USE enum zt_err zt_fields_in(Zt__V1__FieldPb *const *list, size_t count, struct zt_arena *arena,
                                     struct zt_field **fields, struct zt_fault *fault);

#endif
