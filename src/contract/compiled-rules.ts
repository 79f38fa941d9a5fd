import { type TransformFnParams, TransformationType } from 'class-transformer';
import type { MetadataStorage } from 'class-transformer/types/MetadataStorage';
import { getMetadataStorage, type ValidationArguments } from 'class-validator';

// Of its public parts none tells what is declared.
const {
  defaultMetadataStorage: declared,
}: { defaultMetadataStorage: MetadataStorage } = require('class-transformer/cjs/storage');

type Dto = new () => object;
type Fields = Record<string, unknown>;
type Rule = ReturnType<
  ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']
>[number];
type Check = (fields: Fields) => boolean;

interface Field {
  readonly name: string;
  readonly transforms: readonly ((of: TransformFnParams) => unknown)[];
  /** Without any of them whatever stands in the field is right. */
  readonly conditions: readonly Check[];
  readonly checks: readonly Check[];
}

/**
 * The rules of a DTO, read once from what its decorators declare: class-validator looks for them among those of all
 * classes, and class-transformer for each field, with every body. That is most of what they cost.
 */
export class CompiledRules {
  private constructor(
    private readonly dto: Dto,
    private readonly fields: ReadonlyMap<string, Field>,
  ) {}

  /** @returns null for a class that declares more than these rules know of. */
  static of(dto: Dto): CompiledRules | null {
    const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
    const isKnown = rules.length > 0 && rules.every(isPlain) && !isReshaped(dto, rules);
    if (!isKnown) return null;
    const names = new Set(rules.map(({ propertyName }) => propertyName));
    const fields = Array.from(names, (name) => [name, fieldOf(dto, name, rules)] as const);
    return new CompiledRules(dto, new Map(fields));
  }

  /** @returns the DTO of a body that keeps all rules, null for any other: what is wrong with it others tell. */
  accept(body: object): object | null {
    const made = new this.dto() as Fields;
    for (const [name, value] of Object.entries(body)) {
      const field = this.fields.get(name);
      if (!field || (typeof value === 'object' && value !== null)) return null;
      made[name] = transformed(field, value, body);
    }
    for (const { conditions, checks } of this.fields.values()) {
      if (!holdAll(conditions, made)) continue;
      if (!holdAll(checks, made)) return null;
    }
    return made;
  }
}

/** One value, judged at once. */
function isPlain({ type, each, validateIf, constraintCls }: Rule): boolean {
  if (type === 'conditionalValidation') return true;
  if (type !== 'customValidation' || each || validateIf) return false;
  return constraintsOf(constraintCls).every((constraint) => !constraint.async);
}

/** Whether fields have other names, or types, than in the body. */
function isReshaped(dto: Dto, rules: readonly Rule[]): boolean {
  const isAny =
    declared.getExposedMetadatas(dto).length + declared.getExcludedMetadatas(dto).length;
  return (
    isAny > 0 || rules.some(({ propertyName }) => declared.findTypeMetadata(dto, propertyName))
  );
}

function fieldOf(dto: Dto, name: string, rules: readonly Rule[]): Field {
  const own = rules.filter(({ propertyName }) => propertyName === name);
  const [conditional, judging] = [true, false].map((isConditional) =>
    own.filter(({ type }) => (type === 'conditionalValidation') === isConditional),
  );
  return {
    name,
    transforms: declared
      .findTransformMetadatas(dto, name, TransformationType.PLAIN_TO_CLASS)
      .map(({ transformFn }) => transformFn),
    conditions: conditional!.map(
      ({ constraints: [holds] }) =>
        (fields) =>
          holds(fields, fields[name]),
    ),
    checks: judging!.flatMap((rule) => checksOf(dto, rule)),
  };
}

function checksOf(dto: Dto, { propertyName: property, constraintCls, constraints }: Rule): Check[] {
  return constraintsOf(constraintCls).map(({ instance }) => (fields) => {
    const value = fields[property];
    const of: ValidationArguments = {
      targetName: dto.name,
      property,
      object: fields,
      value,
      constraints,
    };
    return instance.validate(value, of) === true;
  });
}

const constraintsOf = (constraint: Function) =>
  getMetadataStorage().getTargetValidatorConstraints(constraint);

function transformed({ name: key, transforms }: Field, value: unknown, obj: object): unknown {
  const type = TransformationType.PLAIN_TO_CLASS;
  return transforms.reduce(
    (before, transform) => transform({ value: before, key, obj, type, options: {} }),
    value,
  );
}

const holdAll = (checks: readonly Check[], fields: Fields) =>
  checks.every((check) => check(fields));
