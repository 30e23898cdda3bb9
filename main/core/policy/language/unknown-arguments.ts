import { isObject } from '../../../../shared/base/is-object.ts';
import { unknownArguments as words } from '../../../../shared/text/core/policy.ts';
import type { Json } from '../../codec/types.ts';
import type { Checks, CompiledPolicy, Entry, Layer, PolicyWarning } from './compile.ts';
import type { Condition } from './conditions.ts';
import { globMatches, isGlob } from './glob.ts';

/** A tool as its server lists it. */
export interface ListedTool {
  readonly name: string;
  readonly inputSchema: Json | undefined;
}

/** Conditions about arguments that the listed tools do not have: they look right, and never or always hold. */
export function unknownArguments(policy: CompiledPolicy, tools: readonly ListedTool[]): PolicyWarning[] {
  const known = tools.map(({ name, inputSchema }) => ({ name, names: argumentsOf(inputSchema) }));
  return [policy.base, ...policy.clients.values()].flatMap((layer) =>
    checksOf(layer).flatMap(({ checks, applies }) => {
      const those = known.filter(({ name }) => applies(name));
      return those.length === 0 ? [] : conditionsOf(checks).flatMap((found) => warning(found, those) ?? []);
    }),
  );
}

interface Found {
  readonly condition: Condition;
  readonly required: boolean;
}
type Known = { readonly name: string; readonly names: ReadonlySet<string> | undefined };

function warning({ condition, required }: Found, tools: readonly Known[]): PolicyWarning | undefined {
  const { steps, pointer: path, op } = condition;
  const [first] = steps;
  if (!first || !('key' in first) || op === 'not_exists') return undefined;
  const lacking = tools.filter(({ names }) => names !== undefined && !names.has(first.key));
  if (lacking.length === tools.length) {
    const has = [...new Set(tools.flatMap(({ names }) => [...(names ?? [])]))];
    return { path, message: words.none(first.key, has) };
  }
  if (!required || lacking.length === 0) return undefined;
  return {
    path,
    message: words.some(
      first.key,
      lacking.map(({ name }) => name),
    ),
  };
}

function checksOf({
  allTools,
  exact,
  globs,
}: Layer): { checks: Checks | Entry; applies: (name: string) => boolean }[] {
  const entries = [...exact.values(), ...globs].map((checks) => ({
    checks,
    // A pattern is not asked about tools that have an entry of their own.
    applies: (name: string) =>
      isGlob(checks.key) ? !exact.has(name) && globMatches(checks.key, name) : checks.key === name,
  }));
  return allTools ? [{ checks: allTools, applies: () => true }, ...entries] : entries;
}

function conditionsOf(checks: Checks | Entry): Found[] {
  const rules = [...checks.denyIf, ...checks.askIf, ...('allowIf' in checks ? checks.allowIf : [])];
  return [
    ...rules.flatMap(({ conditions }) => conditions.map((condition) => ({ condition, required: false }))),
    ...checks.require.map((condition) => ({ condition, required: true })),
  ];
}

/** Undefined where the schema leaves open which arguments there are. */
function argumentsOf(schema: Json | undefined): ReadonlySet<string> | undefined {
  if (!isObject(schema) || !isObject(schema.properties)) return undefined;
  const opens = ['allOf', 'anyOf', 'oneOf', '$ref', 'patternProperties', 'if', 'dependentSchemas'];
  const { additionalProperties } = schema;
  if (
    additionalProperties === true ||
    isObject(additionalProperties) ||
    opens.some((name) => Object.hasOwn(schema, name))
  )
    return undefined;
  return new Set(Object.keys(schema.properties));
}
