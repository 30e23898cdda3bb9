import { isObject } from '../../../../shared/base/is-object.ts';
import { joined as texts } from '../../../../shared/text/model.ts';
import { errorMessage, INVALID_PARAMS, METHOD_NOT_FOUND, resultMessage } from '../../codec/index.ts';
import type { Json, JsonObject, RpcMessage } from '../../codec/types.ts';
import type { ToolCatalogue } from '../../tools/types.ts';
import { unknownTool } from '../call/not-run.ts';
import { memberOf, ownName, resourceOwner, toolOf } from './find-owner.ts';
import { type JoinOptions, joinLists, LISTS } from './lists.ts';
import type { Member } from './member.ts';

/** Newer revisions use INVALID_PARAMS; clients of the versions with sessions know this (MCP 2025-11-25, resources). */
const RESOURCE_NOT_FOUND = -32002;

/** What serving a request needs of the aggregate. */
export interface Joined {
  readonly catalogue: Pick<ToolCatalogue, 'list'>;
  readonly patience: JoinOptions;
  members(): Member[];
  /**
   * Hands a request over to a server, which answers it.
   * @param path of the value that is replaced by the server's own name for it
   */
  give(member: Member, message: RpcMessage, path?: readonly string[], name?: string): Promise<void>;
  setLevel(params: JsonObject): Promise<void>;
  /** Records a call that no server could take. */
  refused(message: RpcMessage, why: string): void;
}

/**
 * Answers a request of an aggregate's client, or finds the server that does.
 * @returns the answer; undefined when a server gives it
 * @throws Error with a sentence when the server cannot be reached
 */
export async function serve(joined: Joined, message: RpcMessage): Promise<Buffer | undefined> {
  const id = message.id as string;
  const method = message.method as string;
  if (message.call) return call(joined, message, message.call.name);
  if (method in LISTS) return list(joined, message, method);
  switch (method) {
    case 'ping':
      return resultMessage(id, {});
    case 'prompts/get':
      return prompt(joined, message, ['params', 'name']);
    case 'resources/read':
    case 'resources/subscribe':
    case 'resources/unsubscribe':
      return resource(joined, message, String(at(message, ['params', 'uri'])));
    case 'completion/complete':
      return at(message, ['params', 'ref', 'type']) === 'ref/prompt'
        ? prompt(joined, message, ['params', 'ref', 'name'])
        : resource(joined, message, String(at(message, ['params', 'ref', 'uri'])));
    case 'logging/setLevel': {
      const params = at(message, ['params']);
      await joined.setLevel(isObject(params) ? params : {});
      return resultMessage(id, {});
    }
    default:
      return errorMessage(id, METHOD_NOT_FOUND, texts.unknownMethod(method));
  }
}

async function list(joined: Joined, message: RpcMessage, method: string): Promise<Buffer> {
  const id = message.id as string;
  const cursor = at(message, ['params', 'cursor']);
  const from = typeof cursor === 'string' ? cursor : undefined;
  const result = await joinLists(method, joined.members(), from, joined.patience);
  if (!result) return errorMessage(id, INVALID_PARAMS, texts.unknownCursor);
  return Buffer.concat([Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":`), result, Buffer.from('}')]);
}

async function call(joined: Joined, message: RpcMessage, exposed: string): Promise<Buffer | undefined> {
  const member = memberOf(exposed, joined.members());
  const tool = member && (await toolOf(member, exposed, joined.catalogue));
  if (member && tool !== undefined) {
    await joined.give(member, message, ['params', 'name'], tool);
    return undefined;
  }
  joined.refused(message, texts.unknownTool(exposed));
  return unknownTool(message.id as string, exposed);
}

async function prompt(
  joined: Joined,
  message: RpcMessage,
  path: readonly string[],
): Promise<Buffer | undefined> {
  const exposed = String(at(message, path));
  const member = memberOf(exposed, joined.members());
  if (member) {
    // The client may know the name from an earlier session.
    if (ownName(member.server, exposed, member.prompts) === undefined)
      await joinLists('prompts/list', [member], undefined, joined.patience);
    const name = ownName(member.server, exposed, member.prompts);
    if (name !== undefined) {
      await joined.give(member, message, path, name);
      return undefined;
    }
  }
  return errorMessage(message.id as string, INVALID_PARAMS, texts.unknownPrompt(exposed));
}

/** @param uri of a resource, or a template */
async function resource(joined: Joined, message: RpcMessage, uri: string): Promise<Buffer | undefined> {
  let owner = resourceOwner(uri, joined.members());
  if (!owner) {
    await joinLists('resources/list', joined.members(), undefined, joined.patience);
    await joinLists('resources/templates/list', joined.members(), undefined, joined.patience);
    owner = resourceOwner(uri, joined.members());
  }
  if (!owner) {
    return errorMessage(message.id as string, RESOURCE_NOT_FOUND, texts.unknownResource(uri));
  }
  await joined.give(owner, message);
  return undefined;
}

function at(message: RpcMessage, path: readonly string[]): Json | undefined {
  let value: Json | undefined = message.value();
  for (const name of path) value = isObject(value) ? value[name] : undefined;
  return value;
}
