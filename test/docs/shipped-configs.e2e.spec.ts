import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { parseEnv } from '../../src/config/load-env';
import { isInstalled } from '../support/servers/installed';
import { newDataDirectory } from '../support/servers/private-server';
import { TestApp } from '../support/test-app';

const ROOT = resolve(__dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const VARIABLES = Object.keys(parseEnv({}));
const itWith = (program: string) => (isInstalled(program) ? it : it.skip);

/** What a program says against a file is in the error. */
function expectTaken(program: string, ...parameters: string[]): void {
  expect(() => execFileSync(program, parameters, { stdio: 'pipe' })).not.toThrow();
}

/** After that long workers that have not ended are killed. */
const SECONDS_TO_END = 20;

describe('ops/kubernetes.yaml', () => {
  const documents = parseAllDocuments(read('ops/kubernetes.yaml'));
  const [deployment, service, budget] = documents.map((document) => document.toJS());
  const pod = deployment.spec.template.spec;
  const [container] = pod.containers;

  it('is YAML whose selectors find the pods', () => {
    const labels = deployment.spec.template.metadata.labels;
    expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
    expect(service.spec.selector).toEqual(labels);
    for (const { spec } of [deployment, budget]) expect(spec.selector.matchLabels).toEqual(labels);
  });

  it('probes routes that there are, on the port of the image', async () => {
    const app = await TestApp.start();
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
      const { path, port } = container[probe].httpGet;
      expect((await app.get(path)).status).toBe(200);
      expect(container.ports).toContainEqual({ name: port, containerPort: 3000 });
    }
    await app.close();
    expect(read('Dockerfile')).toContain('EXPOSE 3000');
  });

  it('sets only variables that there are, and no secret', () => {
    const names = container.env.map(({ name }: { name: string }) => name);
    expect(VARIABLES).toEqual(expect.arrayContaining(names));
    expect(names.filter((name: string) => /SECRET|TOKEN$|_URL$/.test(name))).toEqual([
      'PUBLIC_URL',
    ]);
  });

  it('gives a node the time that it takes to end', () => {
    const [, pause] = container.lifecycle.preStop.exec.command;
    const needed = Number(pause) + SECONDS_TO_END;
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(needed);
  });
});

describe('ops/tandem.service', () => {
  const unit = read('ops/tandem.service');

  itWith('systemd-analyze')('is what systemd takes', () => {
    const file = join(newDataDirectory('systemd'), 'tandem.service');
    const entry = /^ExecStart=(\S+)/m.exec(unit)![1]!;
    writeFileSync(file, unit.replace(entry, process.execPath));

    expectTaken('systemd-analyze', 'verify', file);
  });

  it('sets only variables that there are', () => {
    const names = [...unit.matchAll(/^Environment=(\w+)=/gm)].map(([, name]) => name);
    expect(VARIABLES).toEqual(expect.arrayContaining(names));
  });

  it('gives the server the time that it takes to end', () => {
    const [, seconds] = /^TimeoutStopSec=(\d+)s$/m.exec(unit)!;
    expect(Number(seconds)).toBeGreaterThan(SECONDS_TO_END);
  });
});
