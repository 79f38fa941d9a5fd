import type { Env } from './env';
import { isInstalled } from './installed';

/** What sends traces, which whoever wants them installs. */
const PACKAGES = {
  '@opentelemetry/sdk-trace-node': '^2.12',
  '@opentelemetry/resources': '^2.12',
  '@opentelemetry/exporter-trace-otlp-proto': '~0.223',
};

export function* tracingProblems({ OTEL_EXPORTER_OTLP_ENDPOINT }: Env): Generator<string> {
  if (!OTEL_EXPORTER_OTLP_ENDPOINT || Object.keys(PACKAGES).every(isInstalled)) return;
  const wanted = Object.entries(PACKAGES).map(([name, range]) => `${name}@${range}`);
  yield `OTEL_EXPORTER_OTLP_ENDPOINT needs packages that are not installed: npm install ${wanted.join(' ')}`;
}
