// SPDX-License-Identifier: Apache-2.0
#include "consumers/zt/scripted.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/test_support.h"
#include "base/text.h"

#define ARENA ((size_t)4 * 1024 * 1024)

// cmocka's assertions work on the test's own thread only; this one ends the program.
static void must(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "the scripted broker failed: %s\n", what);
    abort();
}

// "a=1;b=2": the text of the field, or NULL.
static const char *text_of(const struct script_row *row, const char *name, struct zt_arena *arena)
{
    size_t len = strlen(name);
    for (const char *at = row->fields; at && *at; at += strcspn(at, ";"), at += *at == ';')
        if (strncmp(at, name, len) == 0 && at[len] == '=')
            return zt_arena_strndup(arena, at + len + 1, strcspn(at + len + 1, ";"));
    return NULL;
}

static bool is_asked(const struct zt_request *request, const char *name)
{
    for (size_t i = 0; i < request->field_count; i++)
        if (strcmp(request->fields[i], name) == 0)
            return true;
    return request->field_count == 0;
}

// What the catalogue would refuse is sent as it stands: zt must bear it.
static void put_value(const struct zt_field_type *type, const char *text, struct zt_arena *arena,
                      struct zt_field *field)
{
    if (zt_value_parse(type, text, arena, field, NULL) != ZT_OK)
        *field = (struct zt_field){.tag = type->tag, .kind = ZT_VALUE_TEXT, .text = text};
}

static void put_found(struct script *script, const struct zt_request *request, const struct script_row *row,
                      struct zt_arena *arena, struct zt_found *found)
{
    const struct zt_record_type *type = zt_catalogue_record_type(script->catalogue, row->type);
    must(type != NULL, row->type);
    *found = (struct zt_found){
        .type = row->type,
        .key = row->key ? row->key : "k",
        .version = 3,
        .state = ZT_STATE_VALID,
        .valid_from = "",
        .valid_to = "",
        .fields = zt_arena_alloc(arena, type->field_count * sizeof *found->fields),
        .freshness = {.as_of = zt_now_ms(), .source = "s.t", .max_age = 60, .state = ZT_FRESH}};
    for (size_t i = 0; i < type->field_count; i++) {
        const char *text = text_of(row, type->fields[i].name, arena);
        if (!text || !is_asked(request, type->fields[i].name))
            continue;
        put_value(&type->fields[i], text, arena, &found->fields[found->field_count++]);
    }
}

static bool is_about(const struct script_row *row, const struct zt_request *request)
{
    return strcmp(row->type, request->type) == 0 &&
           (!row->number || strcmp(row->number, request->subject.number) == 0) &&
           (!*request->key || (row->key && strcmp(row->key, request->key) == 0) ||
            row->status != ZT_STATUS_OK);
}

static void put_verdicts(const struct script_row *row, const struct zt_request *request,
                         struct zt_arena *arena, struct zt_answer *answer)
{
    answer->verdicts = zt_arena_alloc(arena, (request->claim_count + 1) * sizeof *answer->verdicts);
    for (size_t i = 0; i < request->claim_count; i++) {
        const char *text = text_of(row, request->claims[i].field, arena);
        answer->verdicts[answer->verdict_count++] = (struct zt_field_verdict){
            request->claims[i].field, !text                                         ? ZT_VERDICT_UNKNOWN
                                      : strcmp(text, request->claims[i].value) == 0 ? ZT_MATCH
                                                                                    : ZT_MISMATCH};
    }
}

static void remember(struct script *script, const struct zt_request *request)
{
    script->fields[0] = 0;
    for (size_t i = 0; i < request->field_count; i++) {
        size_t used = strlen(script->fields);
        snprintf(script->fields + used, sizeof script->fields - used, "%s%s", used ? "," : "",
                 request->fields[i]);
    }
    snprintf(script->officer, sizeof script->officer, "%s", request->officer);
    snprintf(script->case_no, sizeof script->case_no, "%s", request->case_no);
    snprintf(script->consent, sizeof script->consent, "%s", request->consent);
    snprintf(script->name, sizeof script->name, "%s", request->subject.name);
    snprintf(script->alg, sizeof script->alg, "%s", request->alg ? zt_sig_alg_name(request->alg) : "");
    script->bank_questions += strncmp(request->type, "pb.", 3) == 0;
}

static void fill(struct script *script, const struct zt_request *request, struct zt_arena *arena,
                 struct zt_answer *answer)
{
    answer->found = zt_arena_alloc(arena, (script->row_count + 1) * sizeof *answer->found);
    for (size_t i = 0; i < script->row_count; i++) {
        const struct script_row *row = &script->rows[i];
        if (!is_about(row, request))
            continue;
        answer->status = row->status;
        if (row->stale)
            answer->freshness.state = ZT_STALE;
        if (row->status != ZT_STATUS_OK) {
            answer->rule = row->rule;
            answer->text_zh = "说明文字";
            answer->text_en = "words of the broker";
            return;
        }
        if (request->mode == ZT_MODE_FETCH)
            put_found(script, request, row, arena, &answer->found[answer->found_count++]);
        if (request->mode == ZT_MODE_VERIFY)
            put_verdicts(row, request, arena, answer);
        if (request->mode == ZT_MODE_ISSUE) {
            answer->certificate = "h.p.s~d~";
            answer->certificate_id = "1.2.156.3005.2.x";
        }
    }
}

static bool answer_counter(struct script *script, struct zt_bytes body, struct zt_arena *arena,
                           struct zt_buf *frame)
{
    struct zt_request request;
    if (zt_request_parse(body, arena, &request, NULL) != ZT_OK)
        return false;
    remember(script, &request);
    struct zt_answer answer = {
        .status = ZT_STATUS_NONE,
        .rule = "",
        .text_zh = "",
        .text_en = "",
        .certificate = "",
        .certificate_id = "",
        .freshness = {.as_of = zt_now_ms(), .source = "s.t", .max_age = 60, .state = ZT_FRESH},
        .ledger_index = 41};
    memcpy(answer.id, request.id, ZT_REQUEST_ID_LEN);
    memset(answer.ledger_hash, 0xAB, ZT_HASH_LEN);
    fill(script, &request, arena, &answer);
    must(zt_answer_encode(&answer, frame) == ZT_OK, "answer");
    return true;
}

static void put_search(struct script *script, struct zt_arena *arena, struct zt_desk_answer *answer)
{
    answer->lines = zt_arena_alloc(arena, SCRIPT_ENTRIES * sizeof *answer->lines);
    for (size_t i = 0; i < 3; i++)
        answer->lines[answer->line_count++] = (struct zt_desk_line){i, zt_buf_bytes(&script->entries[i])};
    answer->more = true;
    answer->next_cursor = 3;
}

// The tree of SCRIPT_ENTRIES = 8 leaves by hand: `levels[0]` leaves, then 4, 2, 1 nodes.
static void build_tree(const struct script *script, uint8_t levels[4][SCRIPT_ENTRIES][ZT_HASH_LEN])
{
    for (size_t i = 0; i < SCRIPT_ENTRIES; i++)
        must(zt_merkle_leaf(ZT_SHA256, zt_buf_bytes(&script->entries[i]), levels[0][i]) == ZT_OK, "leaf");
    for (size_t l = 1; l < 4; l++)
        for (size_t i = 0; i < (size_t)SCRIPT_ENTRIES >> l; i++)
            must(zt_merkle_node(ZT_SHA256, levels[l - 1][2 * i], levels[l - 1][2 * i + 1], levels[l][i]) ==
                     ZT_OK,
                 "node");
}

static const char *sign_tree(const struct script *script, const uint8_t *root, struct zt_arena *arena)
{
    struct zt_checkpoint checkpoint = {.size = script->lie == SHORT_TREE ? 2 : SCRIPT_ENTRIES};
    const char *origin = script->lie == OTHER_ORIGIN ? "town.example/ledger" : SCRIPT_ORIGIN;
    struct zt_buf body, note;
    snprintf(checkpoint.origin, sizeof checkpoint.origin, "%s", origin);
    memcpy(checkpoint.root, root, ZT_HASH_LEN);
    zt_buf_init(&body, ZT_NOTE_MAX);
    zt_buf_init(&note, ZT_NOTE_MAX);
    zt_checkpoint_write(&checkpoint, &body);
    must(zt_note_sign(script->lie == OTHER_KEY ? script->other_key : script->ledger_key, SCRIPT_ORIGIN,
                      zt_buf_bytes(&body), &note) == ZT_OK,
         "note");
    const char *copy = zt_arena_strdup(arena, zt_buf_text(&note));
    zt_buf_fini(&body);
    zt_buf_fini(&note);
    return copy;
}

static void put_proof(struct script *script, uint64_t index, struct zt_arena *arena,
                      struct zt_desk_answer *answer)
{
    uint8_t levels[4][SCRIPT_ENTRIES][ZT_HASH_LEN];
    build_tree(script, levels);
    answer->checkpoint = sign_tree(script, levels[3][0], arena);
    answer->leaf = zt_buf_bytes(&script->entries[script->lie == WRONG_LEAF ? index ^ 1 : index]);
    answer->proof_count = 3;
    answer->proof = zt_arena_alloc(arena, 3 * sizeof *answer->proof);
    for (size_t l = 0; l < answer->proof_count; l++) {
        uint8_t *hash = zt_arena_alloc(arena, ZT_HASH_LEN);
        must(hash != NULL, "memory");
        memcpy(hash, levels[l][(index >> l) ^ 1], ZT_HASH_LEN);
        hash[0] ^= script->lie == WRONG_PATH && l == 1;
        answer->proof[l] = (struct zt_bytes){hash, ZT_HASH_LEN};
    }
}

static void put_status(struct zt_arena *arena, struct zt_desk_answer *answer)
{
    answer->sources = zt_arena_alloc(arena, 3 * sizeof *answer->sources);
    answer->stats = zt_arena_alloc(arena, 2 * sizeof *answer->stats);
    int64_t now = zt_now_ms();
    answer->sources[0] = (struct zt_desk_source){
        "tax.taxpayer", 7, 1234, 5, now - 61000, now - 900000, INT64_C(1795321291005), ZT_FRESH};
    answer->sources[1] = (struct zt_desk_source){"tax.payment", 1, 2, 0, now - 7200000, 0, 0, ZT_STALE};
    answer->sources[2] = (struct zt_desk_source){.source = "pboc.loan"};
    answer->source_count = 3;
    answer->stats[0] = (struct zt_desk_stat){"ledger.size", 99};
    answer->stats[1] = (struct zt_desk_stat){"store.records", UINT32_MAX};
    answer->stat_count = 2;
}

static void remember_filter(struct script *script, const struct zt_desk_request *r)
{
    const struct zt_filter *f = &r->filter;
    snprintf(script->filter, sizeof script->filter, "%s|%s|%s|%s|%s|%s|%s|%s|%s|%d|%u|%lld|%lld|%u|%llu",
             r->reason, f->subject.id_type, f->subject.number, f->party, f->officer, f->item, f->purpose,
             f->type, f->case_no, f->kind, f->status, (long long)f->from, (long long)f->to, r->limit,
             (unsigned long long)r->cursor);
    snprintf(script->officer, sizeof script->officer, "%s", r->officer);
}

static bool answer_desk(struct script *script, struct zt_bytes body, struct zt_arena *arena,
                        struct zt_buf *frame)
{
    struct zt_desk_request request;
    if (zt_desk_request_parse(body, arena, &request, NULL) != ZT_OK)
        return false;
    remember_filter(script, &request);
    struct zt_desk_answer answer = {.status = ZT_STATUS_OK,
                                    .rule = "",
                                    .text_zh = "",
                                    .text_en = "",
                                    .checkpoint = "",
                                    .ledger_index = 77};
    memcpy(answer.id, request.id, ZT_REQUEST_ID_LEN);
    if (script->lie == NOT_SEALED || (request.act == ZT_DESK_PROVE && request.index >= SCRIPT_ENTRIES)) {
        answer.status = script->lie == NOT_SEALED ? ZT_STATUS_UNKNOWN : ZT_STATUS_NONE;
        answer.rule = script->lie == NOT_SEALED ? "ledger.unsealed" : "ledger.absent";
        answer.text_zh = answer.text_en = "not there";
    } else if (request.act == ZT_DESK_SEARCH)
        put_search(script, arena, &answer);
    else if (request.act == ZT_DESK_PROVE)
        put_proof(script, request.index, arena, &answer);
    else
        put_status(arena, &answer);
    return zt_desk_answer_encode(&answer, frame) == ZT_OK;
}

static bool answer_one(struct fake_broker *broker, enum zt_wire_type type, struct zt_bytes body,
                       struct zt_buf *frame)
{
    struct zt_arena arena;
    zt_arena_init(&arena, ARENA);
    bool done = type == ZT_WIRE_REQUEST ? answer_counter(broker->arg, body, &arena, frame)
                                        : answer_desk(broker->arg, body, &arena, frame);
    zt_arena_fini(&arena);
    return done;
}

static void make_ledger(struct script *script)
{
    uint32_t tags[] = {12, 18};
    struct zt_entry entry = {.kind = ZT_ENTRY_ANSWER,
                             .time = INT64_C(1795321291005),
                             .party = "hpf-centre-app",
                             .officer = "clerk-021",
                             .item = "hpf.withdraw.commercial-loan",
                             .purpose = "hpf-withdrawal",
                             .case_no = "WF-2026-000117",
                             .type = "hf.personal_account",
                             .mode = ZT_MODE_FETCH,
                             .asked = tags,
                             .asked_count = 2,
                             .given = tags,
                             .given_count = 2,
                             .status = ZT_STATUS_OK,
                             .rule = "",
                             .fresh = ZT_FRESH,
                             .certificate = "",
                             .note = ""};
    for (size_t i = 0; i < SCRIPT_ENTRIES; i++) {
        zt_buf_init(&script->entries[i], ZT_ENTRY_MAX);
        entry.kind = i == 1 ? ZT_ENTRY_DENIAL : ZT_ENTRY_ANSWER;
        entry.status = i == 1 ? ZT_STATUS_DENIED : ZT_STATUS_OK;
        entry.rule = i == 1 ? "grant.none" : "";
        entry.intent = i;
        if (i == 2)
            zt_buf_put_str(&script->entries[i], "\xFF\xFF no entry");
        else
            assert_int_equal(zt_entry_encode(&entry, &script->entries[i]), ZT_OK);
    }
}

void script_start(struct script *script, const struct script_row *rows, size_t row_count)
{
    char catalogue[PATH_MAX], more[PATH_MAX + 128], path[PATH_MAX + 32];
    const char *source = getenv("ZT_SOURCE_DIR");
    struct zt_buf vkey;
    memset(script, 0, sizeof *script);
    assert_non_null(source);
    snprintf(catalogue, sizeof catalogue, "%s/catalogue", source);
    assert_int_equal(zt_catalogue_load(catalogue, NULL, &script->catalogue, NULL), ZT_OK);
    script->rows = rows;
    script->row_count = row_count;
    assert_int_equal(zt_key_new(ZT_ED25519, &script->ledger_key), ZT_OK);
    assert_int_equal(zt_key_new(ZT_ED25519, &script->other_key), ZT_OK);
    make_ledger(script);
    snprintf(more, sizeof more, "catalogue: %s\nofficer: clerk-021\nledger_key: ledger.vkey\n", catalogue);
    fake_broker_start(&script->broker, answer_one, script, more);
    zt_buf_init(&vkey, 512);
    assert_int_equal(zt_note_vkey(script->ledger_key, SCRIPT_ORIGIN, &vkey), ZT_OK);
    zt_buf_put_u8(&vkey, '\n');
    snprintf(path, sizeof path, "%s/ledger.vkey", script->broker.dir);
    assert_int_equal(zt_file_replace(path, zt_buf_bytes(&vkey), 0644, NULL), ZT_OK);
    zt_buf_fini(&vkey);
}

void script_stop(struct script *script)
{
    fake_broker_stop(&script->broker);
    zt_catalogue_release(&script->catalogue);
    zt_key_destroy(&script->ledger_key);
    zt_key_destroy(&script->other_key);
    for (size_t i = 0; i < SCRIPT_ENTRIES; i++)
        zt_buf_fini(&script->entries[i]);
}
