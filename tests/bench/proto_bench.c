// SPDX-License-Identifier: Apache-2.0
// What one message costs: encode and parse of the samples, in nanoseconds, the least of some runs. The parse
// includes the scan, the encode includes the check of what was written.
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "proto/codecs.h"

#define TURNS 20000
#define RUNS  7

static struct zt_buf frame;
static struct zt_arena arena;

static double least(int64_t (*run)(const void *), const void *arg)
{
    int64_t best = INT64_MAX;
    for (int i = 0; i < RUNS; i++) {
        int64_t took = run(arg);
        best = took < best ? took : best;
    }
    return (double)best / TURNS;
}

static int64_t encode_turns(const void *arg)
{
    const struct codec *codec = arg;
    int64_t began = zt_monotonic_ns();
    for (int i = 0; i < TURNS; i++) {
        zt_buf_reset(&frame);
        if (codec->encode(codec->full, &frame) != ZT_OK)
            abort();
    }
    return zt_monotonic_ns() - began;
}

static int64_t parse_turns(const void *arg)
{
    const struct codec *codec = arg;
    union {
        uint8_t bytes[CODEC_VALUE_MAX];
        max_align_t align;
    } value;
    size_t head = codec_head(codec);
    struct zt_bytes body = {frame.data + head, frame.len - head};
    int64_t began = zt_monotonic_ns();
    for (int i = 0; i < TURNS; i++) {
        zt_arena_reset(&arena);
        if (codec->parse(body, &arena, &value, NULL) != ZT_OK)
            abort();
    }
    return zt_monotonic_ns() - began;
}

static void measure(const struct codec *codec)
{
    double encode = least(encode_turns, codec);
    double parse = least(parse_turns, codec);
    printf("%-14s %5zu bytes   encode %7.0f ns   parse %7.0f ns\n", codec->name, frame.len, encode, parse);
}

// A record as departments have them: 300 bytes, one subject, 16 fields.
static struct codec record_of_300(void)
{
    static struct zt_subject subject = {"111", "370702199001011234", "张三"};
    static struct zt_field fields[16];
    static struct zt_record record = {.type = "hf.personal_account",
                                      .key = "20151234567890",
                                      .subjects = &subject,
                                      .subject_count = 1,
                                      .version = 42,
                                      .state = ZT_STATE_VALID,
                                      .valid_from = "2015-05-20",
                                      .updated_at = 1763786491005,
                                      .region = "370702",
                                      .fields = fields,
                                      .field_count = 16};
    for (uint32_t i = 0; i < 16; i++)
        fields[i] = i % 2
                        ? (struct zt_field){.tag = i + 1, .kind = ZT_VALUE_NUMBER, .number = 123456 + i}
                        : (struct zt_field){.tag = i + 1, .kind = ZT_VALUE_TEXT, .text = "2026-01-02 abcde"};
    struct codec codec = *codec_named("record");
    codec.name = "record of 300";
    codec.full = &record;
    return codec;
}

int main(void)
{
    struct codec record = record_of_300();
    zt_buf_init(&frame, ZT_WIRE_MAX_BATCH);
    zt_arena_init(&arena, ZT_WIRE_MAX_BATCH);
    measure(&record);
    for (size_t i = 0; i < codec_count; i++)
        measure(&codecs[i]);
    zt_buf_fini(&frame);
    zt_arena_fini(&arena);
    return 0;
}
