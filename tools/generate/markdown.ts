import { escapeHtml } from "#core/api/html/text.ts";

/** As much of Markdown as the guides use: headings, paragraphs, lists, tables, code, links. Anything else is text. */
export function markdownHtml(markdown: string): string {
  return blocksOf(markdown.trim().split("\n")).map(blockHtml).join("\n");
}

/** Blocks end at an empty line, unless it is within a fence of code. */
function blocksOf(lines: readonly string[]): string[] {
  const blocks: string[][] = [[]];
  let isCode = false;
  for (const line of lines) {
    if (line.startsWith("```")) isCode = !isCode;
    if (line === "" && !isCode) blocks.push([]);
    else blocks.at(-1)?.push(line);
  }
  return blocks.filter(({ length }) => length > 0).map((block) => block.join("\n"));
}

function blockHtml(block: string): string {
  const code = /^```\w*\n([\s\S]*)\n```$/.exec(block);
  if (code) return `<pre tabindex="0"><code>${escapeHtml(code[1] ?? "")}</code></pre>`;
  const heading = /^(#{1,3}) (.*)$/.exec(block);
  if (heading) return `<h${heading[1]?.length}>${inline(heading[2] ?? "")}</h${heading[1]?.length}>`;
  if (block.startsWith("- "))
    return `<ul>${block
      .split(/^- /m)
      .slice(1)
      .map((item) => `<li>${inline(item.trim())}</li>`)
      .join("")}</ul>`;
  if (block.startsWith("|")) return tableHtml(block.split("\n"));
  return `<p>${inline(block)}</p>`;
}

function tableHtml([head = "", , ...rows]: readonly string[]): string {
  const cells = (row: string, tag: string) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => `<${tag}>${inline(cell.trim())}</${tag}>`)
      .join("");
  const body = rows.map((row) => `<tr>${cells(row, "td")}</tr>`).join("");
  return `<div class="wide" tabindex="0"><table><thead><tr>${cells(head, "th")}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function inline(text: string): string {
  return escapeHtml(text.replace(/\s+/g, " "))
    .replace(/`([^`]+)`/g, "<code>$1</code>")
    .replace(/\[([^\]]+)\]\((https?:[^)]+|\/[^)]*)\)/g, '<a href="$2">$1</a>');
}
