package dev.millrace.engine.report;

import java.util.List;

/** Builds one page from top to bottom. Not thread-safe. */
public final class Page {
    private static final String STYLE =
            """
            :root{color-scheme:light dark;--fg:#1c2430;--soft:#5b6675;--bg:#fff;--card:#f6f8fa;--line:#d5dbe3;
            --one:#1d6fb8;--two:#c2571a;--bad:#b42318;--warn:#8a5a00;--good:#1a7f37}
            @media(prefers-color-scheme:dark){:root{--fg:#e6eaf0;--soft:#a3adba;--bg:#11161d;--card:#1a212b;--line:#36404d;
            --one:#6cb2f2;--two:#f0995a;--bad:#ff8a80;--warn:#e6b450;--good:#6fdd8b}}
            *{box-sizing:border-box}body{margin:0 auto;padding:1.5rem;max-width:72rem;background:var(--bg);color:var(--fg);
            font:15px/1.5 system-ui,sans-serif}h1{font-size:1.6rem;margin:0;overflow-wrap:anywhere}h2{font-size:1.25rem;margin:2rem 0 .5rem;
            border-bottom:1px solid var(--line)}h3{font-size:1.05rem;margin:1.2rem 0 .3rem;overflow-wrap:anywhere}
            p{margin:.4rem 0}.soft{color:var(--soft)}.scroll{overflow-x:auto}table{border-collapse:collapse;font-size:.9rem;
            margin:.4rem 0}th,td{padding:.25rem .7rem;border-bottom:1px solid var(--line);text-align:left;
            vertical-align:top;overflow-wrap:break-word;max-width:24rem}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;
            white-space:nowrap}section.card{background:var(--card);border:1px solid var(--line);border-radius:8px;
            padding:.6rem 1rem 1rem;margin:1rem 0}.row{display:flex;flex-wrap:wrap;gap:1.5rem;align-items:flex-start}
            figure{margin:.5rem 0}figcaption{color:var(--soft);font-size:.85rem}svg{max-width:100%;height:auto}
            svg text{fill:var(--fg);font:11px system-ui,sans-serif}.badge{border:1px solid currentColor;border-radius:4px;
            padding:0 .4em;font-size:.85em;font-weight:600;white-space:nowrap}.drift,.error{color:var(--bad)}
            .watch,.warning{color:var(--warn)}.ok{color:var(--good)}.not_enough_data,.note{color:var(--soft)}
            a{color:var(--one)}nav a{margin-right:1rem}
            """;

    private final StringBuilder body = new StringBuilder();
    private final String title;

    /** @param under one line below the title */
    public Page(String title, String under) {
        this.title = title;
        body.append("<header><h1>")
                .append(Html.escape(title))
                .append("</h1><p class=\"soft\">")
                .append(Html.escape(under))
                .append("</p></header>\n<main>\n");
    }

    public Page heading(String text) {
        body.append("<h2>").append(Html.escape(text)).append("</h2>\n");
        return this;
    }

    public Page paragraph(Html text) {
        body.append("<p>").append(text.markup()).append("</p>\n");
        return this;
    }

    public Page note(String text) {
        body.append("<p class=\"soft\">").append(Html.escape(text)).append("</p>\n");
        return this;
    }

    /** A frame with its own heading. */
    public Page card(String heading, Html... parts) {
        body.append("<section class=\"card\"><h3>").append(Html.escape(heading)).append("</h3><div class=\"row\">");
        for (Html part : parts) body.append("<div>").append(part.markup()).append("</div>");
        body.append("</div></section>\n");
        return this;
    }

    public Page add(Html part) {
        body.append(part.markup()).append('\n');
        return this;
    }

    /**
     * @param headings of the columns; one that begins with {@code #} is a column of numbers
     * @param rows one cell per heading
     */
    public static Html table(List<String> headings, List<List<Html>> rows) {
        StringBuilder table = new StringBuilder("<div class=\"scroll\"><table><thead><tr>");
        for (String heading : headings) {
            boolean number = heading.startsWith("#");
            table.append(number ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">")
                    .append(Html.escape(number ? heading.substring(1) : heading))
                    .append("</th>");
        }
        table.append("</tr></thead><tbody>");
        for (List<Html> row : rows) {
            table.append("<tr>");
            for (int i = 0; i < row.size(); i++) {
                table.append(headings.get(i).startsWith("#") ? "<td class=\"n\">" : "<td>")
                        .append(row.get(i).markup())
                        .append("</td>");
            }
            table.append("</tr>");
        }
        return new Html(table.append("</tbody></table></div>").toString());
    }

    /** The whole document. */
    public String html() {
        return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
                + "<title>" + Html.escape(title) + "</title>\n<style>\n" + STYLE + "</style></head><body>\n" + body
                + "</main></body></html>\n";
    }
}
