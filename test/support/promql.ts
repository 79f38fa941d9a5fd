import { parser } from '@prometheus-io/lezer-promql';
import type { Sample } from './prometheus';

type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

/** What Prometheus adds to each sample, and makes itself. */
const ADDED = ['job', 'instance'];
const ITS_OWN = new Set(['up']);

interface Matcher {
  readonly label: string;
  readonly operator: string;
  readonly value: string;
}

interface Selector {
  readonly name: string;
  readonly matchers: readonly Matcher[];
  /** Labels that something around it goes by. */
  readonly goneBy: readonly string[];
}

/** A query of Prometheus, with the variables of Grafana taken for what they stand for. */
export class Query {
  private readonly text: string;
  private readonly nodes: SyntaxNode[] = [];

  constructor(text: string) {
    this.text = text.replaceAll('$__rate_interval', '5m').replaceAll('$job', 'tandem');
    parser.parse(this.text).iterate({ enter: ({ node }) => void this.nodes.push(node) });
  }

  /** Why it would find nothing among these samples, or not what it says. @param shown labels that are printed beside its values. */
  problems(samples: readonly Sample[], shown: readonly string[] = []): string[] {
    if (this.nodes.some(({ type }) => type.isError)) return [`no PromQL: ${this.text}`];
    const selectors = this.named('VectorSelector').map((node) => this.selectorOf(node));
    const known = selectors.filter(({ name }) => !ITS_OWN.has(name));
    const given = this.labelsOfValues(known, samples);
    return [
      ...(selectors.length === 0 ? ['no metric'] : []),
      ...known.flatMap((selector) => problemsOf(selector, samples)),
      ...shown.filter((label) => !given.has(label)).map((label) => `no value has ${label}`),
    ].map((problem) => `${problem}: ${this.text}`);
  }

  private labelsOfValues(selectors: readonly Selector[], samples: readonly Sample[]): Set<string> {
    if (this.named('AggregateExpr').length > 0) {
      return new Set(selectors.flatMap(({ goneBy }) => goneBy));
    }
    const found = samples.filter(({ name }) => selectors.some((one) => one.name === name));
    return new Set([...ADDED, ...found.flatMap(({ labels }) => Object.keys(labels))]);
  }

  private selectorOf(node: SyntaxNode): Selector {
    const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
    return {
      name: this.textOf(node.getChild('Identifier')!),
      matchers: matchers.map((matcher) => this.matcherOf(matcher)),
      goneBy: this.labelsAround(node),
    };
  }

  private matcherOf(node: SyntaxNode): Matcher {
    return {
      label: this.textOf(node.getChild('LabelName')!),
      operator: this.textOf(node.getChild('MatchOp')!),
      value: JSON.parse(this.textOf(node.getChild('StringLiteral')!)),
    };
  }

  private labelsAround(node: SyntaxNode): string[] {
    const modifiers: SyntaxNode[] = [];
    for (let around = node.parent; around; around = around.parent) {
      modifiers.push(...around.getChildren('AggregateModifier'));
      modifiers.push(...around.getChildren('MatchingModifierClause'));
    }
    const lists = modifiers.flatMap((modifier) => modifier.getChildren('GroupingLabels'));
    return lists.flatMap((list) => list.getChildren('LabelName')).map((name) => this.textOf(name));
  }

  private named(name: string): SyntaxNode[] {
    return this.nodes.filter((node) => node.name === name);
  }

  private textOf({ from, to }: SyntaxNode): string {
    return this.text.slice(from, to);
  }
}

function problemsOf({ name, matchers, goneBy }: Selector, samples: readonly Sample[]): string[] {
  const found = samples.filter((sample) => sample.name === name);
  if (found.length === 0) return [`no metric ${name}`];
  const labels = [...matchers.map(({ label }) => label), ...goneBy];
  const isKnown = (label: string) =>
    ADDED.includes(label) || found.some((one) => label in one.labels);
  const unknown = labels.filter((label) => !isKnown(label));
  const unmet = matchers.flatMap((matcher) => unmetBy(found, matcher));
  return [...unknown.map((label) => `no ${label} of ${name}`), ...unmet];
}

/** The values that a matcher looks for, and none has. */
function unmetBy(samples: readonly Sample[], { label, operator, value }: Matcher): string[] {
  if (ADDED.includes(label) || operator.startsWith('!')) return [];
  const values = new Set(samples.map(({ labels }) => labels[label]));
  const wanted = operator === '=~' ? value.split('|') : [value];
  return wanted.filter((one) => !values.has(one)).map((one) => `no ${label}="${one}"`);
}
