/** Serves the page, with its script bundled. `PORT` and `TANDEM_URL` say where it and Tandem are. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { build } from 'esbuild';

const { PORT = '8080', TANDEM_URL = 'http://localhost:3000' } = process.env;
const HERE = import.meta.dirname;
const CLIENT = join(HERE, '../../packages/client/src');

const { outputFiles } = await build({
  entryPoints: [join(HERE, 'app.ts')],
  bundle: true,
  write: false,
  format: 'esm',
  target: 'es2022',
  alias: {
    '@tandem/client/element': join(CLIENT, 'element/index.ts'),
    '@tandem/client': join(CLIENT, 'index.ts'),
  },
  define: { TANDEM_URL: JSON.stringify(TANDEM_URL) },
});
const files = {
  '/': ['text/html; charset=utf-8', readFileSync(join(HERE, 'index.html'))],
  '/style.css': ['text/css; charset=utf-8', readFileSync(join(HERE, 'style.css'))],
  '/app.js': ['text/javascript; charset=utf-8', outputFiles[0].contents],
};

createServer(({ url }, response) => {
  const [type, content] = files[url] ?? [];
  if (!type) return response.writeHead(404).end();
  return response.writeHead(200, { 'content-type': type }).end(content);
}).listen(Number(PORT), '127.0.0.1', () => console.log(`http://localhost:${PORT}/`));
