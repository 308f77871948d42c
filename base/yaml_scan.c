// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "base/text.h"
#include "base/yaml_parts.h"

#define DEPTH_MAX 32

struct scan {
    const char *file;
    yaml_parser_t parser;
    size_t documents, depth;
    bool mapping[DEPTH_MAX]; // what each open level is
    bool key_next[DEPTH_MAX];
    struct zt_fault *fault;
};

static enum zt_err refuse(struct scan *scan, yaml_mark_t mark, const char *rule, const char *text)
{
    char place[sizeof scan->fault->place];
    snprintf(place, sizeof place, "%s:%zu:%zu", scan->file, mark.line + 1, mark.column + 1);
    return zt_fault_set(scan->fault, ZT_E_CONFIG, rule, place, "%s", text);
}

// A node begins: in a mapping, nodes are keys and values by turns.
static enum zt_err begin_node(struct scan *scan, const yaml_event_t *event)
{
    if (scan->depth == 0 || !scan->mapping[scan->depth - 1])
        return ZT_OK;
    bool *key_next = &scan->key_next[scan->depth - 1];
    if (*key_next && event->type != YAML_SCALAR_EVENT)
        return refuse(scan, event->start_mark, "yaml.key", "a key must be plain text");
    *key_next = !*key_next;
    return ZT_OK;
}

static enum zt_err open_level(struct scan *scan, const yaml_event_t *event)
{
    if (scan->depth == DEPTH_MAX)
        return refuse(scan, event->start_mark, "yaml.depth", "nested more than 32 levels deep");
    scan->mapping[scan->depth] = event->type == YAML_MAPPING_START_EVENT;
    scan->key_next[scan->depth] = true;
    scan->depth++;
    return ZT_OK;
}

static enum zt_err take(struct scan *scan, const yaml_event_t *event)
{
    enum zt_err rc;
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (scan->documents++ == 0)
            return ZT_OK;
        return refuse(scan, event->start_mark, "yaml.documents",
                      "only one document a file: remove this '---'");
    case YAML_ALIAS_EVENT:
        return refuse(scan, event->start_mark, "yaml.alias",
                      "aliases (*name) are not allowed: write the value out");
    case YAML_SCALAR_EVENT:
        if (memchr(event->data.scalar.value, 0, event->data.scalar.length))
            return refuse(scan, event->start_mark, "yaml.characters", "the text holds a NUL character");
        return begin_node(scan, event);
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        rc = begin_node(scan, event);
        return rc != ZT_OK ? rc : open_level(scan, event);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        scan->depth--;
        return ZT_OK;
    default:
        return ZT_OK;
    }
}

static enum zt_err syntax(struct scan *scan)
{
    const yaml_parser_t *parser = &scan->parser;
    if (parser->error == YAML_MEMORY_ERROR)
        return zt_fault_set(scan->fault, ZT_E_NOMEM, "yaml.memory", scan->file, "out of memory");
    char text[256];
    snprintf(text, sizeof text, "not YAML: %s%s%s", parser->context ? parser->context : "",
             parser->context ? ": " : "", parser->problem ? parser->problem : "unreadable");
    return refuse(scan, parser->problem_mark, "yaml.syntax", text);
}

static enum zt_err run(struct scan *scan)
{
    enum zt_err rc = ZT_OK;
    for (bool end = false; rc == ZT_OK && !end;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&scan->parser, &event))
            return syntax(scan);
        end = event.type == YAML_STREAM_END_EVENT;
        rc = take(scan, &event);
        yaml_event_delete(&event);
    }
    if (rc == ZT_OK && scan->documents == 0)
        rc = zt_fault_set(scan->fault, ZT_E_CONFIG, "yaml.empty", scan->file, "the file says nothing");
    return rc;
}

// Line of the first byte that is not text, for the message.
static enum zt_err check_characters(const char *file, struct zt_bytes text, struct zt_fault *fault)
{
    if (zt_utf8_valid(text))
        return ZT_OK;
    unsigned line = 1;
    for (size_t start = 0; start < text.len; line++) {
        const uint8_t *end = memchr(text.data + start, '\n', text.len - start);
        size_t len = end ? (size_t)(end - text.data) - start : text.len - start;
        if (!zt_utf8_valid((struct zt_bytes){text.data + start, len}))
            break;
        start += len + 1;
    }
    char place[sizeof fault->place];
    snprintf(place, sizeof place, "%s:%u:1", file, line);
    return zt_fault_set(fault, ZT_E_CONFIG, "yaml.characters", place,
                        "this line is not UTF-8 text: save the file as UTF-8");
}

enum zt_err zt_yaml_scan(const char *file, struct zt_bytes text, struct zt_fault *fault)
{
    enum zt_err rc = check_characters(file, text, fault);
    if (rc != ZT_OK)
        return rc;
    struct scan scan = {.file = file, .fault = fault};
    if (!yaml_parser_initialize(&scan.parser))
        return zt_fault_set(fault, ZT_E_NOMEM, "yaml.memory", file, "out of memory");
    yaml_parser_set_encoding(&scan.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&scan.parser, text.len ? text.data : (const uint8_t *)"", text.len);
    rc = run(&scan);
    yaml_parser_delete(&scan.parser);
    return rc;
}
