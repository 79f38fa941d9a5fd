/** A table whose first column is text and whose others are numbers. */
export function markdownTable(head: string[], lines: string[][]): string {
  return [head, head.map((_, column) => (column === 0 ? '---' : '--:')), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}
