// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>

#include "base/clock.h"
#include "consumers/zt/commands.h"
#include "consumers/zt/desk_question.h"
#include "consumers/zt/print.h"
#include "consumers/zt/question.h"

// Seconds since the source was last heard; -1 when never.
static int64_t lag_of(const struct zt_desk_source *source, int64_t now)
{
    int64_t heard = source->last_batch > source->last_heartbeat ? source->last_batch : source->last_heartbeat;
    if (heard <= 0)
        return -1;
    return now > heard ? (now - heard) / 1000 : 0;
}

static json_t *source_json(const struct zt_desk_source *s, int64_t now)
{
    int64_t lag = lag_of(s, now);
    return json_pack("{so sI sI sI so so so so ss}", "source", zt_json_text(s->source), "seq",
                     (json_int_t)s->seq, "records", (json_int_t)s->records, "quarantined",
                     (json_int_t)s->quarantined, "last_batch", zt_json_time(s->last_batch), "last_heartbeat",
                     zt_json_time(s->last_heartbeat), "complete_as_of", zt_json_time(s->complete_as_of),
                     "lag_s", lag < 0 ? json_null() : json_integer((json_int_t)lag), "fresh",
                     zt_fresh_name(s->fresh));
}

static void show_json(const struct zt_desk_answer *answer, int64_t now)
{
    json_t *object = zt_desk_json("status", answer), *sources = json_array(), *stats = json_object();
    for (size_t i = 0; i < answer->source_count; i++)
        json_array_append_new(sources, source_json(&answer->sources[i], now));
    for (size_t i = 0; i < answer->stat_count; i++)
        json_object_set_new(stats, answer->stats[i].name, json_integer((json_int_t)answer->stats[i].value));
    json_object_set_new(object, "sources", sources);
    json_object_set_new(object, "stats", stats);
    zt_json_put(object);
}

static void put_source(const struct zt_desk_source *s, int64_t now)
{
    char number[32], time[ZT_LOCAL_TIME_LEN + 1];
    int64_t lag = lag_of(s, now);
    zt_put_cell(s->source, 38);
    zt_put_cell(s->fresh == ZT_FRESH   ? "最新 fresh"
                : s->fresh == ZT_STALE ? "过时 STALE"
                                       : "未知 unknown",
                14);
    if (lag < 0)
        snprintf(number, sizeof number, "-");
    else
        snprintf(number, sizeof number, "%lld s", (long long)lag);
    zt_put_cell(number, 10);
    snprintf(number, sizeof number, "%llu", (unsigned long long)s->records);
    zt_put_cell(number, 12);
    snprintf(number, sizeof number, "%llu", (unsigned long long)s->quarantined);
    zt_put_cell(number, 10);
    zt_local_time(s->complete_as_of, time);
    printf("%s\n", time);
}

static void show(const struct zt_desk_answer *answer, int64_t now)
{
    zt_desk_show_status(answer);
    if (answer->source_count) {
        zt_put_cell("数据源 source", 38);
        zt_put_cell("时效 state", 14);
        zt_put_cell("滞后 lag", 10);
        zt_put_cell("记录 records", 12);
        zt_put_cell("隔离 bad", 10);
        printf("完整至 complete as of\n");
    }
    for (size_t i = 0; i < answer->source_count; i++)
        put_source(&answer->sources[i], now);
    for (size_t i = 0; i < answer->stat_count; i++) {
        if (i == 0)
            printf("\n计数 counters\n");
        zt_put_cell(answer->stats[i].name, 38);
        printf("%llu\n", (unsigned long long)answer->stats[i].value);
    }
}

static enum zt_exit ask(struct zt_session *session, const struct zt_args *args)
{
    struct zt_desk_request request;
    struct zt_desk_answer answer;
    enum zt_exit status = zt_desk_fill(session, args, ZT_DESK_STATUS, &request);
    if (status == ZT_EXIT_YES)
        status = zt_desk_ask(session, args, &request, &answer);
    if (status != ZT_EXIT_YES)
        return status;
    if (session->cli->json)
        show_json(&answer, zt_now_ms());
    else
        show(&answer, zt_now_ms());
    return zt_status_exit(answer.status);
}

static enum zt_exit run(const struct zt_cli *cli, const struct zt_args *args)
{
    return zt_desk_session(cli, args, ask);
}

const struct zt_command zt_command_status = {
    .name = "status",
    .operands = "",
    .zh = "运行状态：数据源、滞后、计数",
    .en = "the broker's sources, their lag and freshness, and counters",
    .options = {zt_operator_options},
    .run = run,
};
