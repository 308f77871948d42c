// SPDX-License-Identifier: Apache-2.0
// Which connection speaks for a stream.
//
// An adapter that was killed leaves batches in the socket. Its successor asks with HELLO where to begin, and
// only then the late batches are read: taken, they would fill numbers that the successor gives to other rows,
// and rows between the two would be missing for ever. So the last HELLO decides, and everybody else is told
// to begin again.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/intake/internal.h"

static struct zt_speaker *find(const struct zt_speakers *speakers, const char *source)
{
    for (size_t i = 0; i < speakers->count; i++)
        if (strcmp(speakers->list[i].source, source) == 0)
            return &speakers->list[i];
    return NULL;
}

// Streams come from the catalogue, so there are not many.
static struct zt_speaker *add(struct zt_speakers *speakers, const char *source)
{
    struct zt_speaker *grown = realloc(speakers->list, (speakers->count + 1) * sizeof *grown);
    if (!grown)
        return NULL;
    speakers->list = grown;
    struct zt_speaker *added = &grown[speakers->count++];
    *added = (struct zt_speaker){.route_len = 0};
    snprintf(added->source, sizeof added->source, "%s", source);
    return added;
}

enum zt_err zt_speaker_set(struct zt_speakers *speakers, const char *source, const struct zt_msg *msg)
{
    struct zt_speaker *speaker = find(speakers, source);
    if (!speaker)
        speaker = add(speakers, source);
    if (!speaker)
        return ZT_E_NOMEM;
    memcpy(speaker->route, msg->route, sizeof speaker->route);
    speaker->route_len = msg->route_len;
    return ZT_OK;
}

bool zt_speaker_may(const struct zt_speakers *speakers, const char *source, const struct zt_msg *msg)
{
    const struct zt_speaker *speaker = find(speakers, source);
    return !speaker ||
           (speaker->route_len == msg->route_len && memcmp(speaker->route, msg->route, msg->route_len) == 0);
}

void zt_speakers_fini(struct zt_speakers *speakers)
{
    free(speakers->list);
    *speakers = (struct zt_speakers){0};
}
