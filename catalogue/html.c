// SPDX-License-Identifier: Apache-2.0
// The reference as one page. Styles and the few lines of script stand inside, so that it opens anywhere.
#include "catalogue/html_parts.h"
#include "catalogue/render.h"

static const char style[] =
    "body{font:16px/1.5 'Noto Sans CJK SC','Microsoft YaHei',sans-serif;margin:0 "
    "auto;max-width:72rem;padding:1rem;"
    "color:#1a1a1a;background:#fff}"
    "h1{font-size:1.6rem}h2{border-bottom:2px solid #05507a;margin-top:2rem}h3{margin:1.2rem 0 .2rem}"
    "code,.id{font-family:'DejaVu Sans Mono',monospace;font-size:.9em;color:#05507a}.en{color:#555}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.15rem .6rem "
    ".15rem 0;"
    "border-bottom:1px solid #ddd}"
    "nav a{margin-right:1rem}input{font:inherit;padding:.4rem;width:100%;box-sizing:border-box;margin:1rem 0}"
    "section{scroll-margin-top:1rem}a{color:#05507a}:target>h3{background:#fff3c4}"
    "@media(prefers-color-scheme:dark){body{background:#14181b;color:#e8e8e8}code,.id,a{color:#7cc4ea}.en{"
    "color:#aaa}"
    "th,td{border-color:#333}:target>h3{background:#4a3b00}}";

// Hides what does not hold every word; with an empty field everything is there again.
static const char script[] =
    "const f=document.getElementById('find'),all=[...document.querySelectorAll('section')];"
    "const text=new Map(all.map(s=>[s,s.textContent.toLowerCase()]));"
    "f.addEventListener('input',()=>{const w=f.value.toLowerCase().split(/\\s+/).filter(Boolean);let n=0;"
    "for(const s of all){s.hidden=!w.every(x=>text.get(s).includes(x));n+=!s.hidden}"
    "document.getElementById('found').textContent=w.length?n+' / '+all.length:''});";

void zt_html_text(struct zt_buf *out, const char *text)
{
    for (const char *at = text; *at; at++)
        switch (*at) {
        case '&':
            zt_buf_put_str(out, "&amp;");
            break;
        case '<':
            zt_buf_put_str(out, "&lt;");
            break;
        case '>':
            zt_buf_put_str(out, "&gt;");
            break;
        case '"':
            zt_buf_put_str(out, "&quot;");
            break;
        case '\'':
            zt_buf_put_str(out, "&#39;");
            break;
        default:
            zt_buf_put(out, at, 1);
        }
}

void zt_html_link(struct zt_buf *out, enum zt_listed_kind kind, const char *id, const char *name)
{
    zt_buf_printf(out, "<a href=\"#%s-", zt_listed_kind_name(kind));
    zt_html_text(out, id);
    zt_buf_put_str(out, "\">");
    zt_html_text(out, name);
    zt_buf_put_str(out, "</a>");
}

static void put_head(const struct zt_catalogue *c, const char *title, struct zt_buf *out)
{
    zt_buf_put_str(out, "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
                        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>");
    zt_html_text(out, title);
    zt_buf_printf(out, "</title><style>%s</style></head>\n<body><h1>", style);
    zt_html_text(out, title);
    zt_buf_put_str(out, "</h1>\n<nav>");
    for (enum zt_listed_kind kind = ZT_LISTED_DEPARTMENT; kind < ZT_LISTED_KINDS; kind++)
        if (zt_listed_count(c, kind))
            zt_buf_printf(out, "<a href=\"#%s\">%s %s (%zu)</a> ", zt_listed_kind_name(kind),
                          zt_listed_kind_zh(kind), zt_listed_kind_name(kind), zt_listed_count(c, kind));
    zt_buf_put_str(out, "</nav>\n<input id=\"find\" type=\"search\" aria-label=\"查找 find\" "
                        "placeholder=\"查找 find\"><p id=\"found\" role=\"status\"></p>\n");
}

static void put_section(const struct zt_catalogue *c, const struct zt_listed *what, struct zt_buf *out)
{
    zt_buf_printf(out, "<section id=\"%s-", zt_listed_kind_name(what->kind));
    zt_html_text(out, what->id);
    zt_buf_put_str(out, "\"><h3>");
    zt_html_text(out, what->name_zh);
    zt_buf_put_str(out, " <span class=\"en\">");
    zt_html_text(out, what->name_en);
    zt_buf_put_str(out, "</span> <span class=\"id\">");
    zt_html_text(out, what->id);
    zt_buf_put_str(out, "</span></h3>\n");
    zt_html_thing(c, what, out);
    zt_buf_put_str(out, "</section>\n");
}

void zt_catalogue_put_html(const struct zt_catalogue *c, const char *title, struct zt_buf *out)
{
    put_head(c, title, out);
    for (enum zt_listed_kind kind = ZT_LISTED_DEPARTMENT; kind < ZT_LISTED_KINDS; kind++) {
        size_t count = zt_listed_count(c, kind);
        if (!count)
            continue;
        zt_buf_printf(out, "<h2 id=\"%s\">%s %s</h2>\n", zt_listed_kind_name(kind), zt_listed_kind_zh(kind),
                      zt_listed_kind_name(kind));
        for (size_t i = 0; i < count; i++) {
            struct zt_listed one = zt_listed_at(c, kind, i);
            put_section(c, &one, out);
        }
    }
    zt_buf_printf(out, "<script>%s</script></body></html>\n", script);
}
