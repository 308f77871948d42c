// SPDX-License-Identifier: Apache-2.0
#include <string.h>
#include <yaml.h>

#include "base/file.h"
#include "base/text.h"
#include "base/yaml.h"
#include "base/yaml_parts.h"

// One event under the eye, and the place of the last key that was passed.
struct walk {
    yaml_parser_t parser;
    yaml_event_t event;
    bool held;
    yaml_mark_t mark, key_mark;
};

static bool advance(struct walk *walk)
{
    if (walk->held)
        yaml_event_delete(&walk->event);
    walk->held = yaml_parser_parse(&walk->parser, &walk->event);
    if (walk->held)
        walk->mark = walk->event.start_mark;
    return walk->held;
}

// Passes the node that begins with the current event; its last event is current afterwards.
static bool skip(struct walk *walk)
{
    for (size_t depth = 0;;) {
        yaml_event_type_t type = walk->event.type;
        if (type == YAML_MAPPING_START_EVENT || type == YAML_SEQUENCE_START_EVENT)
            depth++;
        if (type == YAML_MAPPING_END_EVENT || type == YAML_SEQUENCE_END_EVENT)
            depth--;
        if (depth == 0)
            return true;
        if (!advance(walk))
            return false;
    }
}

static bool enter_entry(struct walk *walk, int64_t index)
{
    if (walk->event.type != YAML_SEQUENCE_START_EVENT || !advance(walk))
        return false;
    for (int64_t i = 0; walk->event.type != YAML_SEQUENCE_END_EVENT; i++) {
        walk->key_mark = walk->mark;
        if (i == index)
            return true;
        if (!skip(walk) || !advance(walk))
            return false;
    }
    return false;
}

static bool enter_value(struct walk *walk, const char *name, size_t len)
{
    if (walk->event.type != YAML_MAPPING_START_EVENT || !advance(walk))
        return false;
    while (walk->event.type != YAML_MAPPING_END_EVENT) {
        const yaml_event_t *event = &walk->event;
        bool found = event->type == YAML_SCALAR_EVENT && event->data.scalar.length == len &&
                     memcmp(event->data.scalar.value, name, len) == 0;
        walk->key_mark = walk->mark;
        if (!skip(walk) || !advance(walk))
            return false;
        if (found)
            return true;
        if (!skip(walk) || !advance(walk))
            return false;
    }
    return false;
}

// Follows one step of the path, "name" or "[3]"; moves *path behind it.
static enum zt_err follow(struct walk *walk, const char **path)
{
    if (**path == '[') {
        size_t len = strcspn(*path, "]");
        char digits[12];
        int64_t index;
        if ((*path)[len] == 0 || len - 1 >= sizeof digits)
            return ZT_E_INPUT;
        memcpy(digits, *path + 1, len - 1);
        digits[len - 1] = 0;
        if (zt_parse_i64(digits, 0, INT32_MAX, &index) != ZT_OK)
            return ZT_E_INPUT;
        *path += len + 1;
        return enter_entry(walk, index) ? ZT_OK : ZT_E_ABSENT;
    }
    *path += **path == '.';
    size_t len = strcspn(*path, ".[");
    if (len == 0)
        return ZT_E_INPUT;
    const char *name = *path;
    *path += len;
    return enter_value(walk, name, len) ? ZT_OK : ZT_E_ABSENT;
}

static enum zt_err find(struct walk *walk, const char *path)
{
    // stream start, document start, the root node
    for (int i = 0; i < 3; i++)
        if (!advance(walk) || walk->event.type == YAML_STREAM_END_EVENT)
            return ZT_E_ABSENT;
    walk->key_mark = walk->mark;
    enum zt_err rc = ZT_OK;
    while (rc == ZT_OK && *path)
        rc = follow(walk, &path);
    return rc;
}

static enum zt_err open_walk(struct walk *walk, struct zt_bytes text)
{
    *walk = (struct walk){.held = false};
    if (!yaml_parser_initialize(&walk->parser))
        return ZT_E_NOMEM;
    yaml_parser_set_encoding(&walk->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&walk->parser, text.len ? text.data : (const uint8_t *)"", text.len);
    return ZT_OK;
}

static void close_walk(struct walk *walk)
{
    if (walk->held)
        yaml_event_delete(&walk->event);
    yaml_parser_delete(&walk->parser);
}

enum zt_err zt_yaml_locate_in(struct zt_bytes text, const char *path, bool key, unsigned *line,
                              unsigned *column)
{
    struct walk walk;
    enum zt_err rc = open_walk(&walk, text);
    if (rc != ZT_OK)
        return rc;
    rc = find(&walk, path);
    if (rc == ZT_OK) {
        yaml_mark_t mark = key ? walk.key_mark : walk.mark;
        *line = (unsigned)mark.line + 1;
        *column = (unsigned)mark.column + 1;
    }
    close_walk(&walk);
    return rc;
}

static enum zt_err note_entries(struct walk *walk, unsigned *lines, size_t count)
{
    if (walk->event.type != YAML_SEQUENCE_START_EVENT)
        return ZT_E_ABSENT;
    for (size_t i = 0; i < count; i++) {
        if ((i > 0 && !skip(walk)) || !advance(walk) || walk->event.type == YAML_SEQUENCE_END_EVENT)
            return ZT_E_ABSENT;
        lines[i] = (unsigned)walk->mark.line + 1;
    }
    return ZT_OK;
}

enum zt_err zt_yaml_entry_lines(const char *file, const char *path, unsigned *lines, size_t count)
{
    struct zt_buf text;
    struct walk walk;
    zt_buf_init(&text, ZT_YAML_MAX_FILE);
    enum zt_err rc = zt_file_read(file, &text, NULL);
    if (rc == ZT_OK)
        rc = open_walk(&walk, zt_buf_bytes(&text));
    if (rc == ZT_OK) {
        rc = find(&walk, path);
        if (rc == ZT_OK)
            rc = note_entries(&walk, lines, count);
        close_walk(&walk);
    }
    zt_buf_fini(&text);
    return rc;
}

enum zt_err zt_yaml_locate(const char *file, const char *path, unsigned *line, unsigned *column)
{
    struct zt_buf text;
    zt_buf_init(&text, ZT_YAML_MAX_FILE);
    enum zt_err rc = zt_file_read(file, &text, NULL);
    if (rc == ZT_OK)
        rc = zt_yaml_locate_in(zt_buf_bytes(&text), path, false, line, column);
    zt_buf_fini(&text);
    return rc;
}
