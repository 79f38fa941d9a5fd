/** Texts that try to be more than text: elements, attributes, addresses, marks of templates, and what turns or hides others. */
export const HOSTILE: readonly string[] = [
  '<script>globalThis.hit=1</script>',
  '<img src=x onerror="globalThis.hit=1">',
  '"><svg onload=globalThis.hit=1>',
  "' onfocus=globalThis.hit=1 autofocus tabindex=1 x='",
  'javascript:globalThis.hit=1//',
  'data:text/html,<script>globalThis.hit=1</script>',
  '</title></style></textarea></select><x-hit>',
  '<iframe srcdoc="<script>top.hit=1</script>"></iframe>',
  '<base href="//evil.example/"><meta http-equiv=refresh content="0;url=//evil.example">',
  '{{constructor.constructor("globalThis.hit=1")()}}${globalThis.hit=1}<%=1%>{0}{name}',
  '&lt;x-hit&gt;&#60;x-hit&#62;\\u003cx-hit\\u003e\\x3cx-hit\\x3e',
  '../../webhooks?x=1&y=%2e%2e#/%',
  '\u202e\u2067<x-hit>\u200f drow',
  'null%00\ufeff\u2028\u2029<x-hit\u200b>',
  `e${'\u0301'.repeat(60)}<x-hit>`,
  'W'.repeat(300),
];
