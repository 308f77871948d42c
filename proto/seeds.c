// SPDX-License-Identifier: Apache-2.0
// Writes the seeds of the fuzz targets: proto_seeds FOLDER makes FOLDER/<group>/<message>-{full,least} and
// FOLDER/frame/. They come from the samples, so they follow the contract by themselves.
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

#include "proto/fuzz.h"

static void write_seed(const char *folder, const char *group, const char *name, int first,
                       struct zt_bytes bytes)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", folder, group);
    (void)mkdir(path, 0755);
    snprintf(path, sizeof path, "%s/%s/%s", folder, group, name);
    FILE *file = fopen(path, "wb");
    must_hold(file != NULL);
    if (first >= 0)
        must_hold(fputc(first, file) == first);
    must_hold(fwrite(bytes.data, 1, bytes.len, file) == bytes.len);
    must_hold(fclose(file) == 0);
}

static void write_message(const char *folder, const char *group, int first, const struct codec *codec,
                          const void *value, const char *suffix)
{
    char name[64];
    struct zt_buf out;
    zt_buf_init(&out, ZT_WIRE_MAX_BATCH);
    must_hold(codec->encode(value, &out) == ZT_OK);
    snprintf(name, sizeof name, "%s-%s", codec->name, suffix);
    size_t head = codec_head(codec);
    write_seed(folder, group, name, first, (struct zt_bytes){out.data + head, out.len - head});
    if (head)
        write_seed(folder, "frame", name, -1, zt_buf_bytes(&out));
    zt_buf_fini(&out);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    (void)mkdir(argv[1], 0755);
    for (size_t g = 0; g < FUZZ_GROUPS; g++) {
        for (int i = 0; i < 6 && fuzz_groups[g].codecs[i]; i++) {
            const struct codec *codec = codec_named(fuzz_groups[g].codecs[i]);
            write_message(argv[1], fuzz_groups[g].name, i, codec, codec->full, "full");
            write_message(argv[1], fuzz_groups[g].name, i, codec, codec->least, "least");
        }
    }
    const struct codec *tombstone = codec_named("tombstone");
    write_message(argv[1], "record", 0, tombstone, tombstone->full, "full");
    return 0;
}
